import pytest

from loopback.validation import validate
from radimpress.cloud.endpoints import autoscaling
from radimpress.cloud.endpoints.autoscaling import (
    first_instance_alarm,
    first_instance_request,
    policy_request,
    release,
    scales,
    target_request,
)
from radimpress.config.cloud import Cloud
from radimpress.config.deployment import Deployment, EndpointMode

SCALED = Deployment(min_instances=1, max_instances=4)
QUEUED = Deployment(mode=EndpointMode.asynchronous, min_instances=0, max_instances=2)
SERVICE = "application-autoscaling"


@pytest.mark.parametrize("deployment", [SCALED, QUEUED])
def test_aws_allows_the_requests(deployment):
    alarm = first_instance_alarm(Cloud(), deployment.endpoint, "arn:aws:autoscaling:us-east-1:1:x")
    assert validate(SERVICE, "RegisterScalableTarget", target_request(deployment)) == []
    assert validate(SERVICE, "PutScalingPolicy", policy_request(deployment)) == []
    assert validate(SERVICE, "PutScalingPolicy", first_instance_request(deployment)) == []
    assert validate("cloudwatch", "PutMetricAlarm", alarm) == []


def test_what_is_tracked_depends_on_how_the_endpoint_is_asked():
    key = "TargetTrackingScalingPolicyConfiguration"
    tracked = policy_request(SCALED)[key]["PredefinedMetricSpecification"]
    assert tracked == {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}
    backlog = policy_request(QUEUED)[key]["CustomizedMetricSpecification"]
    assert backlog["MetricName"] == "ApproximateBacklogSizePerInstance"


@pytest.mark.parametrize(
    ("deployment", "expected"),
    [
        (Deployment(), False),
        (SCALED, True),
        (QUEUED, True),
        (Deployment(mode=EndpointMode.serverless, max_instances=4), False),
    ],
)
def test_only_a_range_of_instances_scales(deployment, expected):
    assert scales(deployment) is expected


def test_what_starts_the_first_instance_goes_with_the_scaling(session, loopback, monkeypatch):
    cloudwatch = loopback.client("cloudwatch")
    monkeypatch.setattr(autoscaling, "is_scaling", lambda *_: True)  # moto wants an endpoint
    cloudwatch.put_metric_alarm(**first_instance_alarm(session.cloud, QUEUED.endpoint, "arn:aws:x"))
    release(session, QUEUED.endpoint)
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []
