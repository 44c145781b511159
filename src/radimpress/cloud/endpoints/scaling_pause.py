"""Autoscaling that stands aside for an update, and comes back as it was where the update fails.

Application Auto Scaling refuses an update that changes the instance type of a variant it scales,
and scales nothing while one runs:
https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-update.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from radimpress.cloud.endpoints.autoscaling import (
    DIMENSION,
    NAMESPACE,
    first_instance_alarm,
    first_instance_name,
    release,
    variant,
)
from radimpress.cloud.refusals import spoken
from radimpress.cloud.session import Session

POLICY = (
    *("PolicyName", "PolicyType"),
    *("TargetTrackingScalingPolicyConfiguration", "StepScalingPolicyConfiguration"),
)  # what PutScalingPolicy takes of what DescribeScalingPolicies tells


@dataclass(frozen=True, slots=True)
class PausedScaling:
    """An endpoint's autoscaling as it was: bounds, and its policies as AWS told them."""

    endpoint: str
    least: int
    most: int
    policies: tuple[Mapping[str, Any], ...]


def pause(session: Session, endpoint: str) -> PausedScaling | None:
    """Take the endpoint out of autoscaling; what `resume` needs, None where it does not scale."""
    client, at = session.client("application-autoscaling"), variant(endpoint)
    with spoken("read the endpoint's autoscaling"):
        found = client.describe_scalable_targets(
            ServiceNamespace=NAMESPACE,
            ResourceIds=[at["ResourceId"]],
            ScalableDimension=DIMENSION,
        )["ScalableTargets"]
        if not found:
            return None
        policies = client.describe_scaling_policies(
            ServiceNamespace=NAMESPACE, ResourceId=at["ResourceId"]
        )["ScalingPolicies"]
    release(session, endpoint)
    bounds = int(found[0]["MinCapacity"]), int(found[0]["MaxCapacity"])
    return PausedScaling(endpoint, *bounds, tuple(policies))


def resume(session: Session, paused: PausedScaling) -> None:
    """Scale as before `pause`."""
    client, at = session.client("application-autoscaling"), variant(paused.endpoint)
    with spoken("set the endpoint's autoscaling again"):
        client.register_scalable_target(**at, MinCapacity=paused.least, MaxCapacity=paused.most)
        for policy in paused.policies:
            asked = {key: policy[key] for key in POLICY if key in policy}
            arn = client.put_scaling_policy(**at, **asked)["PolicyARN"]
            if policy["PolicyName"] == first_instance_name(paused.endpoint):
                alarm = first_instance_alarm(session.cloud, paused.endpoint, arn)
                session.client("cloudwatch").put_metric_alarm(**alarm)
