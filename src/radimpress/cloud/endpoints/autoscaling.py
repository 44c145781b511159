"""How many instances an endpoint runs: fixed, or following what is asked of it."""

from typing import Any

from radimpress.cloud.endpoints.alarms import drop_alarm
from radimpress.cloud.endpoints.config import VARIANT
from radimpress.cloud.refusals import error_code, spoken
from radimpress.cloud.session import Session
from radimpress.cloud.tags import tags
from radimpress.config.cloud import Cloud
from radimpress.config.deployment import Deployment, EndpointMode

DIMENSION = "sagemaker:variant:DesiredInstanceCount"
NAMESPACE = "sagemaker"
GONE = ("ObjectNotFoundException", "ValidationException")
IN_S, OUT_S = 300, 60  # seconds to wait after taking an instance away, and after adding one
BACKLOG_PERIODS = 2  # minutes of waiting requests at no instance before one is started


def scales(deployment: Deployment) -> bool:
    """Whether the number of instances may change by itself."""
    fixed = deployment.min_instances == deployment.max_instances
    return deployment.mode is not EndpointMode.serverless and not fixed


def target_request(deployment: Deployment) -> dict[str, Any]:
    """RegisterScalableTarget."""
    return {
        **variant(deployment.endpoint),
        "MinCapacity": deployment.min_instances,
        "MaxCapacity": deployment.max_instances,
    }


def policy_request(deployment: Deployment) -> dict[str, Any]:
    """PutScalingPolicy: track invocations, or the backlog of an asynchronous endpoint."""
    if deployment.mode is EndpointMode.asynchronous:
        tracked: dict[str, Any] = {
            "TargetValue": float(deployment.backlog_per_instance),
            "CustomizedMetricSpecification": {
                "MetricName": "ApproximateBacklogSizePerInstance",
                "Namespace": "AWS/SageMaker",
                "Dimensions": [{"Name": "EndpointName", "Value": deployment.endpoint}],
                "Statistic": "Average",
            },
        }
    else:
        predefined = {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}
        tracked = {
            "TargetValue": float(deployment.invocations_per_instance),
            "PredefinedMetricSpecification": predefined,
        }
    return {
        **variant(deployment.endpoint),
        "PolicyName": f"{deployment.endpoint}-track",
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": {
            **tracked,
            "ScaleInCooldown": IN_S,
            "ScaleOutCooldown": OUT_S,
        },
    }


def first_instance_request(deployment: Deployment) -> dict[str, Any]:
    """PutScalingPolicy: from no instance to one. Tracking cannot: it divides by the instances."""
    return {
        **variant(deployment.endpoint),
        "PolicyName": first_instance_name(deployment.endpoint),
        "PolicyType": "StepScaling",
        "StepScalingPolicyConfiguration": {
            "AdjustmentType": "ChangeInCapacity",
            "MetricAggregationType": "Average",
            "Cooldown": IN_S,
            "StepAdjustments": [{"MetricIntervalLowerBound": 0.0, "ScalingAdjustment": 1}],
        },
    }


def first_instance_alarm(cloud: Cloud, endpoint: str, policy_arn: str) -> dict[str, Any]:
    """PutMetricAlarm: requests wait, and there is nobody to answer them."""
    return {
        "AlarmName": backlog_alarm(cloud, endpoint),
        "AlarmDescription": f"requests wait for {endpoint} and no instance runs",
        "Namespace": "AWS/SageMaker",
        "MetricName": "HasBacklogWithoutCapacity",
        "Dimensions": [{"Name": "EndpointName", "Value": endpoint}],
        "Period": 60,
        "Statistic": "Average",
        "EvaluationPeriods": BACKLOG_PERIODS,
        "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "missing",
        "AlarmActions": [policy_arn],
        "Tags": tags(cloud, "alarm"),
    }


def first_instance_name(endpoint: str) -> str:
    """The name of the policy that starts the first instance."""
    return f"{endpoint}-first"


def backlog_alarm(cloud: Cloud, endpoint: str) -> str:
    """The name of the alarm that starts the first instance."""
    return f"{cloud.project}-{endpoint}-backlog"


def bring_in_line(session: Session, deployment: Deployment) -> bool:
    """Scale as configured; returns whether anything had to be changed. Asking twice is once."""
    present = bounds(session, deployment.endpoint)
    if not scales(deployment):
        if present is not None:
            release(session, deployment.endpoint)
        return present is not None
    wanted = target_request(deployment)
    if present == (wanted["MinCapacity"], wanted["MaxCapacity"]) and _has_policy(
        session, deployment
    ):
        return False
    client = session.client("application-autoscaling")
    with spoken("set the endpoint's autoscaling"):
        client.register_scalable_target(**wanted)
        if deployment.mode is EndpointMode.asynchronous and not deployment.min_instances:
            arn = client.put_scaling_policy(**first_instance_request(deployment))["PolicyARN"]
            alarm = first_instance_alarm(session.cloud, deployment.endpoint, arn)
            session.client("cloudwatch").put_metric_alarm(**alarm)
        client.put_scaling_policy(**policy_request(deployment))  # last: what shows that all is set
    return True


def release(session: Session, endpoint: str) -> None:
    """Leave the number of instances alone; AWS refuses some updates of a variant that scales."""
    if not is_scaling(session, endpoint):
        return
    drop_alarm(session, backlog_alarm(session.cloud, endpoint))  # first: nobody looks for it later
    client = session.client("application-autoscaling")
    with spoken("end the endpoint's autoscaling"):
        try:
            client.deregister_scalable_target(**variant(endpoint))
        except client.exceptions.ClientError as error:
            if error_code(error) not in GONE:
                raise


def is_scaling(session: Session, endpoint: str) -> bool:
    """Whether autoscaling holds the endpoint now."""
    return bounds(session, endpoint) is not None


def bounds(session: Session, endpoint: str) -> tuple[int, int] | None:
    """The least and the most instances that it scales between; None where it does not scale."""
    with spoken("read the endpoint's autoscaling"):
        found = session.client("application-autoscaling").describe_scalable_targets(
            ServiceNamespace=NAMESPACE,
            ResourceIds=[variant(endpoint)["ResourceId"]],
            ScalableDimension=DIMENSION,
        )["ScalableTargets"]
    return (int(found[0]["MinCapacity"]), int(found[0]["MaxCapacity"])) if found else None


def policies(session: Session, endpoint: str) -> list[dict[str, Any]]:
    """Its scaling policies as AWS tells them."""
    client, named = session.client("application-autoscaling"), variant(endpoint)["ResourceId"]
    with spoken("read the endpoint's autoscaling"):
        found = client.describe_scaling_policies(ServiceNamespace=NAMESPACE, ResourceId=named)
    return list(found["ScalingPolicies"])


def variant(endpoint: str) -> dict[str, str]:
    """What names the endpoint's variant to Application Auto Scaling."""
    return {
        "ServiceNamespace": NAMESPACE,
        "ResourceId": f"endpoint/{endpoint}/variant/{VARIANT}",
        "ScalableDimension": DIMENSION,
    }


def _has_policy(session: Session, deployment: Deployment) -> bool:
    wanted = policy_request(deployment)
    found = policies(session, deployment.endpoint)
    kept = {policy["PolicyName"]: policy for policy in found}.get(wanted["PolicyName"], {})
    key = "TargetTrackingScalingPolicyConfiguration"
    return bool(kept) and kept.get(key, {}).get("TargetValue") == wanted[key]["TargetValue"]
