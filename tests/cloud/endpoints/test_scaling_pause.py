import pytest

from radimpress.cloud.endpoints.autoscaling import (
    first_instance_alarm,
    first_instance_request,
    policy_request,
    target_request,
)
from radimpress.cloud.endpoints.scaling_pause import pause, resume
from radimpress.config.deployment import Deployment, EndpointMode

QUEUED = Deployment(mode=EndpointMode.asynchronous, min_instances=0, max_instances=2)


@pytest.fixture
def scaling(session, loopback, monkeypatch):
    """An asynchronous endpoint's autoscaling; the loopback asks no endpoint for it."""
    monkeypatch.setattr("loopback.scaling.Scaling._check_variant", lambda *_: None)
    client = session.client("application-autoscaling")
    client.register_scalable_target(**target_request(QUEUED))
    arn = client.put_scaling_policy(**first_instance_request(QUEUED))["PolicyARN"]
    alarm = first_instance_alarm(session.cloud, QUEUED.endpoint, arn)
    session.client("cloudwatch").put_metric_alarm(**alarm)
    client.put_scaling_policy(**policy_request(QUEUED))
    return client


def state(session, client):
    """Bounds, policies, and which policy each alarm of ours starts."""
    targets = client.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
    policies = client.describe_scaling_policies(ServiceNamespace="sagemaker")["ScalingPolicies"]
    named = {policy["PolicyARN"]: policy["PolicyName"] for policy in policies}
    alarms = session.client("cloudwatch").describe_alarms(AlarmNamePrefix="radimpress")
    return (
        [(target["MinCapacity"], target["MaxCapacity"]) for target in targets],
        sorted(named.values()),
        [named[arn] for alarm in alarms["MetricAlarms"] for arn in alarm["AlarmActions"]],
    )


def test_what_was_paused_comes_back_with_its_policies_and_its_alarm(session, scaling):
    before = state(session, scaling)
    assert before == ([(0, 2)], ["radimpress-first", "radimpress-track"], ["radimpress-first"])
    paused = pause(session, QUEUED.endpoint)
    assert state(session, scaling) == ([], [], [])
    resume(session, paused)
    assert state(session, scaling) == before


def test_an_endpoint_that_does_not_scale_is_not_touched(session, loopback):
    assert pause(session, "radimpress") is None
    assert loopback.calls["application-autoscaling:DeregisterScalableTarget"] == 0
