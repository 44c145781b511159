"""Application autoscaling of endpoints: recorded by moto, observable, never carried out.

Beyond moto's records: the variant must exist, and a policy that tracks a target has the two alarms
that AWS makes for it.
"""

import uuid
from typing import TYPE_CHECKING, Any

from loopback.call import ACCOUNT, Call, Refusal
from loopback.hosting import Hosting

if TYPE_CHECKING:
    from loopback.server import Loopback

SERVICE = "application-autoscaling"
DIMENSION = "sagemaker:variant:DesiredInstanceCount"
METRICS = {
    "SageMakerVariantInvocationsPerInstance": ("AWS/SageMaker", "InvocationsPerInstance", "Sum"),
}


def install(loop: "Loopback") -> None:
    """Take the operations over; `loopback.endpoints` comes first."""
    mine = Scaling(loop.hosting)
    loop.operations |= {
        f"{SERVICE}:RegisterScalableTarget": mine.register,
        f"{SERVICE}:DeregisterScalableTarget": mine.deregister,
        f"{SERVICE}:PutScalingPolicy": mine.put_policy,
    }


class Scaling:
    """Each takes a call and gives the answer, or raises Refusal."""

    def __init__(self, hosting: Hosting) -> None:
        self._hosting = hosting

    def register(self, call: Call) -> dict[str, Any]:
        """RegisterScalableTarget."""
        self._check_variant(call)
        least, most = call.request.get("MinCapacity"), call.request.get("MaxCapacity")
        if least is not None and most is not None and least > most:
            raise _refused("Maximum capacity cannot be less than minimum capacity")
        return call.forward()

    def deregister(self, call: Call) -> dict[str, Any]:
        """DeregisterScalableTarget: its policies and their alarms go with it, as in AWS."""
        answer = call.forward()
        backend = _backend(call.region)
        for key, policy in list(backend.policies.items()):
            if policy.resource_id == call.request["ResourceId"]:
                policy.delete_alarms(ACCOUNT, call.region)
                del backend.policies[key]
        return answer

    def put_policy(self, call: Call) -> dict[str, Any]:
        """PutScalingPolicy. What it replaces loses its alarms."""
        asked = call.request
        backend = _backend(call.region)
        if asked["ResourceId"] not in backend.targets.get(asked.get("ScalableDimension"), {}):
            raise Refusal(
                "ObjectNotFoundException",
                f"No scalable target registered for service namespace: "
                f"{asked['ServiceNamespace']}, resource ID: {asked['ResourceId']}, "
                f"scalable dimension: {asked.get('ScalableDimension')}",
            )
        same = ("PolicyName", "ServiceNamespace", "ResourceId", "ScalableDimension")
        key = "\t".join((asked[same[1]], asked[same[2]], asked[same[3]], asked[same[0]]))
        if key in backend.policies:
            backend.policies[key].delete_alarms(ACCOUNT, call.region)
        answer = call.forward()
        tracked = asked.get("TargetTrackingScalingPolicyConfiguration")
        if tracked and asked["ScalableDimension"] == DIMENSION:
            alarms = _alarms(call, tracked, answer["PolicyARN"])
            backend.policies[key].alarms = alarms
            answer["Alarms"] = [{"AlarmName": a.name, "AlarmARN": a.alarm_arn} for a in alarms]
        return answer

    def _check_variant(self, call: Call) -> None:
        if call.request["ServiceNamespace"] != "sagemaker":
            return
        parts = call.request["ResourceId"].split("/")
        endpoint = self._hosting.endpoints.get(parts[1]) if len(parts) == 4 else None
        names = [each.name for each in endpoint.blue.variants] if endpoint else []
        if len(parts) != 4 or parts[3] not in names:
            raise _refused(f"SageMaker variant not found: {call.request['ResourceId']}")


def _alarms(call: Call, tracked: dict[str, Any], policy: str) -> list[Any]:
    """The two that AWS makes for a policy: above the target for 3 minutes, below it for 15."""
    from moto.cloudwatch.models import cloudwatch_backends

    resource = call.request["ResourceId"]
    _, endpoint, _, variant = resource.split("/")
    given = tracked.get("PredefinedMetricSpecification", {}).get("PredefinedMetricType")
    own = tracked.get("CustomizedMetricSpecification", {})
    plain = (own.get("Namespace"), own.get("MetricName"), own.get("Statistic"))
    namespace, metric, statistic = METRICS.get(given, plain)
    dimensions = own.get("Dimensions") or [
        {"Name": "EndpointName", "Value": endpoint},
        {"Name": "VariantName", "Value": variant},
    ]
    return [
        cloudwatch_backends[ACCOUNT][call.region].put_metric_alarm(
            name=f"TargetTracking-{resource}-{side}-{uuid.uuid4()}",
            namespace=namespace,
            metric_name=metric,
            metric_data_queries=[],
            comparison_operator=comparison,
            evaluation_periods=periods,
            period=60,
            threshold=tracked["TargetValue"] * share,
            statistic=statistic,
            description=f"DO NOT EDIT OR DELETE. For TargetTrackingScaling policy {policy}.",
            dimensions=dimensions,
            alarm_actions=[policy],
        )
        for side, comparison, periods, share in (
            ("AlarmHigh", "GreaterThanThreshold", 3, 1.0),
            ("AlarmLow", "LessThanThreshold", 15, 0.9),
        )
    ]


def _backend(region: str) -> Any:
    from moto.applicationautoscaling.models import applicationautoscaling_backends

    return applicationautoscaling_backends[ACCOUNT][region]


def _refused(message: str) -> Refusal:
    return Refusal("ValidationException", message)
