"""The operations on endpoints: create, describe, update, rescale, delete.

Moto keeps a record beside, for tags and lists; processes and statuses are ours.
"""

from typing import TYPE_CHECKING, Any

from loopback.alarms import missing
from loopback.call import Call, Refusal
from loopback.deployment import AT_ONCE, plan
from loopback.endpoint import Endpoint
from loopback.endpoint_words import described
from loopback.fleet import Fleet, Variant
from loopback.hosting import Hosting, arn

if TYPE_CHECKING:
    from loopback.server import Loopback


def install(loop: "Loopback") -> None:
    """Take the operations over."""
    hosting = loop.hosting = Hosting(loop)
    mine = EndpointOperations(hosting)
    loop.operations |= {
        "sagemaker:CreateEndpoint": mine.create,
        "sagemaker:DescribeEndpoint": mine.describe,
        "sagemaker:UpdateEndpoint": mine.update,
        "sagemaker:UpdateEndpointWeightsAndCapacities": mine.rescale,
        "sagemaker:DeleteEndpoint": mine.delete,
    }
    loop.at_reset(hosting.reset)


class EndpointOperations:
    """Each takes a call and gives the answer, or raises Refusal in AWS's words."""

    def __init__(self, hosting: Hosting) -> None:
        self._hosting = hosting

    def create(self, call: Call) -> dict[str, Any]:
        """CreateEndpoint: Creating, then InService or Failed."""
        name = call.request["EndpointName"]
        if name in self._hosting.endpoints:
            raise _refused(f'Cannot create already existing endpoint "{arn(name)}".')
        config = _config(call)
        fleet = self._hosting.fleet(call, name, config)
        call.forward()
        endpoint = self._hosting.add(call, name, fleet)
        self._take_settings(endpoint, config)
        endpoint.turn("Creating")
        endpoint.begin(endpoint.create)
        return {"EndpointArn": endpoint.arn}

    def describe(self, call: Call) -> dict[str, Any]:
        """DescribeEndpoint."""
        return described(self._hosting.found(call.request["EndpointName"]))

    def update(self, call: Call) -> dict[str, Any]:
        """UpdateEndpoint: a second fleet takes over as DeploymentConfig says, or does not."""
        endpoint = self._changeable(call)
        config = _config(call)
        deployment = call.request.get("DeploymentConfig")
        if call.request.get("RetainDeploymentConfig"):
            deployment = endpoint.last_deployment
        green = self._hosting.fleet(call, endpoint.name, config)
        made = _plan(endpoint, green, deployment)
        if unknown := missing(call.region, made.alarms):
            raise _refused(f"Could not find the alarms {', '.join(unknown)}")
        if call.request.get("RetainAllVariantProperties"):
            excluded = call.request.get("ExcludeRetainedVariantProperties") or []
            _retain(endpoint.blue, green, {each["VariantPropertyType"] for each in excluded})
        endpoint.turn("Updating")

        def adopt() -> None:
            endpoint.last_deployment = deployment
            self._take_settings(endpoint, config)

        endpoint.begin(lambda: endpoint.update(green, made, adopt))
        return {"EndpointArn": endpoint.arn}

    def rescale(self, call: Call) -> dict[str, Any]:
        """UpdateEndpointWeightsAndCapacities."""
        endpoint = self._changeable(call)
        wanted = call.request["DesiredWeightsAndCapacities"]
        variants = {each.name: each for each in endpoint.blue.variants}
        for each in wanted:
            if each["VariantName"] not in variants:
                raise _refused(
                    f'The variant name(s) "{each["VariantName"]}" is/are not present within '
                    f'endpoint configuration "{endpoint.blue.config_name}".'
                )
        endpoint.turn("Updating")

        def change() -> None:
            for each in wanted:
                variant: Variant = variants[each["VariantName"]]
                variant.weight = float(each.get("DesiredWeight", variant.weight))
                count = each.get("DesiredInstanceCount")
                if count is not None and not endpoint.rescale(variant, int(count)):
                    return
            endpoint.settle("InService")

        endpoint.begin(change)
        return {"EndpointArn": endpoint.arn}

    def delete(self, call: Call) -> dict[str, Any]:
        """DeleteEndpoint: refused while a change runs, as by AWS."""
        endpoint = self._hosting.found(call.request["EndpointName"])
        if endpoint.status not in ("InService", "Failed", "OutOfService"):
            raise _in_progress(endpoint)
        endpoint.turn("Deleting")
        endpoint.begin(lambda: endpoint.delete(lambda: self._hosting.forget(call, endpoint.name)))
        return {}

    def _changeable(self, call: Call) -> Endpoint:
        endpoint = self._hosting.found(call.request["EndpointName"])
        if endpoint.status == "Failed":
            raise _refused(f'Cannot update endpoint "{endpoint.arn}" in status Failed.')
        if not endpoint.may_change:
            raise _in_progress(endpoint)
        return endpoint

    def _take_settings(self, endpoint: Endpoint, config: Any) -> None:
        endpoint.data_capture = config.data_capture_config or None
        endpoint.asynchronous = config.async_inference_config or None
        if endpoint.asynchronous:
            self._hosting.queue(endpoint)


def _config(call: Call) -> Any:
    """Moto's record of the endpoint configuration that a request names."""
    name = call.request["EndpointConfigName"]
    record = call.backend.endpoint_configs.get(name)
    if record is None:
        whole = arn(name).replace(":endpoint/", ":endpoint-config/")
        raise _refused(f'Could not find endpoint configuration "{whole}".')
    return record


def _plan(endpoint: Endpoint, green: Fleet, deployment: Any) -> Any:
    """The plan of an update; serverless variants always take over at once. Raises Refusal."""
    old = {each.name for each in endpoint.blue.variants}
    new = {each.name for each in green.variants}
    if deployment and old != new:
        raise _refused(
            f"a DeploymentConfig needs the variants {sorted(old)} in the new endpoint "
            f"configuration, which has {sorted(new)}"
        )
    made = plan(deployment, min(each.instances for each in green.variants))
    if any(each.concurrency is not None for each in green.variants):
        return AT_ONCE
    return made


def _retain(old: Fleet, new: Fleet, excluded: set[str]) -> None:
    """Keep instance counts and weights of variants that were changed since."""
    before = {each.name: each for each in old.variants}
    for variant in new.variants:
        if variant.name in before:
            if "DesiredInstanceCount" not in excluded:
                variant.instances = before[variant.name].instances
            if "DesiredWeight" not in excluded:
                variant.weight = before[variant.name].weight


def _in_progress(endpoint: Endpoint) -> Refusal:
    return _refused(f'Cannot update in-progress endpoint "{endpoint.arn}".')


def _refused(message: str) -> Refusal:
    return Refusal("ValidationException", message)
