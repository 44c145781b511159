"""How an endpoint is changed: blue/green, watched by alarms. Pure."""

from collections.abc import Sequence
from math import ceil
from typing import Any

from radimpress.cloud.endpoints.autoscaling import scales
from radimpress.config.deployment import Deployment, EndpointMode

LEAST_S, MOST_S = 600, 28800  # SageMaker's bounds for a whole update
LARGEST_CANARY = 50  # percent of the fleet: SageMaker's own limit
LAST_LOOK_S = 60  # after a good canary, with all requests on the new fleet


def update_request(
    deployment: Deployment, config_name: str, alarms: Sequence[str]
) -> dict[str, Any]:
    """UpdateEndpoint. With `alarms`, one of them going off brings the old fleet back.

    A serverless endpoint has no fleet to shift: SageMaker switches it as a whole. A scaled number
    of instances is kept, but of an asynchronous endpoint, where it may be none and nobody could
    then answer the golden cases.
    """
    keeps = scales(deployment) and deployment.mode is EndpointMode.realtime
    request: dict[str, Any] = {
        "EndpointName": deployment.endpoint,
        "EndpointConfigName": config_name,
        "RetainAllVariantProperties": keeps,
    }
    if deployment.mode is EndpointMode.serverless:
        return request
    policy = _policy(deployment, deployment.min_instances if keeps else deployment.instances)
    request["DeploymentConfig"] = {"BlueGreenUpdatePolicy": policy}
    if alarms:
        rollback = {"Alarms": [{"AlarmName": name} for name in alarms]}
        request["DeploymentConfig"]["AutoRollbackConfiguration"] = rollback
    return request


def _policy(deployment: Deployment, instances: int) -> dict[str, Any]:
    """A canary of whole instances; one instance cannot be divided and is switched at once.

    The old fleet stays for as long as the alarms watch, in both cases.
    """
    watch = deployment.canary_wait_s
    if instances > 1:
        percent = max(deployment.canary_percent, ceil(100 / instances))
        routing: dict[str, Any] = {
            "Type": "CANARY",
            "WaitIntervalInSeconds": watch,
            "CanarySize": {
                "Type": "CAPACITY_PERCENT",
                "Value": min(LARGEST_CANARY, percent),
            },
        }
        last = min(watch, LAST_LOOK_S)
    else:
        routing, last = {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": watch}, watch
    whole = 2 * (deployment.startup_s + watch) + last + LEAST_S
    return {
        "TrafficRoutingConfiguration": routing,
        "TerminationWaitInSeconds": last,
        "MaximumExecutionTimeoutInSeconds": min(MOST_S, max(LEAST_S, whole)),
    }
