"""Autoscaling that stands aside for an update, and comes back as it was where the update fails.

Application Auto Scaling refuses an update that changes the instance type of a variant it scales,
and scales nothing while one runs:
https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-update.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from radimpress.cloud.endpoints.autoscaling import (
    bounds,
    first_instance_alarm,
    first_instance_name,
    policies,
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
    between = bounds(session, endpoint)
    if between is None:
        return None
    paused = PausedScaling(endpoint, *between, tuple(policies(session, endpoint)))
    release(session, endpoint)
    return paused


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
