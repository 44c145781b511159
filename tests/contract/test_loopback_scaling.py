import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from loopback.server import BUCKET

if TYPE_CHECKING:
    from loopback.server import Loopback

RESOURCE = "endpoint/e/variant/AllTraffic"
TARGET = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": RESOURCE,
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}
TRACKING = {
    "TargetValue": 600.0,
    "PredefinedMetricSpecification": {
        "PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"
    },
}
ROLE = "arn:aws:iam::123456789012:role/radimpress-execution"


@pytest.fixture
def endpoint(loopback: "Loopback") -> Any:
    """The client of autoscaling, with an endpoint to scale."""
    sagemaker = loopback.client("sagemaker")
    behaviour = json.dumps({}).encode()
    loopback.client("s3").put_object(Bucket=BUCKET, Key="m/behaviour.json", Body=behaviour)
    source = {"S3Uri": f"s3://{BUCKET}/m/", "S3DataType": "S3Prefix", "CompressionType": "None"}
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/toy:1"
    container = {"Image": image, "ModelDataSource": {"S3DataSource": source}}
    sagemaker.create_model(ModelName="m", ExecutionRoleArn=ROLE, PrimaryContainer=container)
    instance = {"InstanceType": "ml.c7i.xlarge", "InitialInstanceCount": 1}
    variants = [{"VariantName": "AllTraffic", "ModelName": "m"} | instance]
    sagemaker.create_endpoint_config(EndpointConfigName="c", ProductionVariants=variants)
    sagemaker.create_endpoint(EndpointName="e", EndpointConfigName="c")
    while sagemaker.describe_endpoint(EndpointName="e")["EndpointStatus"] == "Creating":
        time.sleep(0.03)
    return loopback.client("application-autoscaling")


def test_a_target_and_its_policy_are_told_of(endpoint: Any) -> None:
    endpoint.register_scalable_target(MinCapacity=1, MaxCapacity=3, **TARGET)
    (target,) = endpoint.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
    assert (target["MinCapacity"], target["MaxCapacity"]) == (1, 3)
    endpoint.put_scaling_policy(
        PolicyName="p",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration=TRACKING,
        **TARGET,
    )
    told = endpoint.describe_scaling_policies(ServiceNamespace="sagemaker")["ScalingPolicies"]
    assert [each["PolicyName"] for each in told] == ["p"]
    assert told[0]["TargetTrackingScalingPolicyConfiguration"] == TRACKING


def test_a_tracking_policy_has_two_alarms_that_go_with_it(
    endpoint: Any, loopback: "Loopback"
) -> None:
    def alarms() -> list[str]:
        told = loopback.client("cloudwatch").describe_alarms()["MetricAlarms"]
        return [each["AlarmName"] for each in told]

    endpoint.register_scalable_target(MinCapacity=1, MaxCapacity=3, **TARGET)
    for _ in range(2):
        answer = endpoint.put_scaling_policy(
            PolicyName="p",
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration=TRACKING,
            **TARGET,
        )
        assert sorted(alarms()) == sorted(each["AlarmName"] for each in answer["Alarms"])
    high, low = sorted(alarms())
    assert high.startswith(f"TargetTracking-{RESOURCE}-AlarmHigh-")
    assert low.startswith(f"TargetTracking-{RESOURCE}-AlarmLow-")
    endpoint.deregister_scalable_target(**TARGET)
    assert alarms() == []
    assert endpoint.describe_scaling_policies(ServiceNamespace="sagemaker")["ScalingPolicies"] == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ResourceId": "endpoint/no/variant/AllTraffic"}, "variant not found"),
        ({"ResourceId": "endpoint/e/variant/B"}, "variant not found"),
        ({"MinCapacity": 4}, "cannot be less than minimum"),
    ],
)
def test_what_cannot_scale_is_refused(endpoint: Any, change: dict[str, Any], words: str) -> None:
    with pytest.raises(ClientError, match=words):
        endpoint.register_scalable_target(
            **({"MinCapacity": 1, "MaxCapacity": 3} | TARGET | change)
        )


def test_a_policy_needs_a_target(endpoint: Any) -> None:
    with pytest.raises(ClientError, match="No scalable target registered"):
        endpoint.put_scaling_policy(
            PolicyName="p",
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration=TRACKING,
            **TARGET,
        )
