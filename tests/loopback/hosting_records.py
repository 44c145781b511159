"""Models, endpoint configurations and packages where moto lacks an operation or is too lenient."""

from typing import TYPE_CHECKING, Any

from loopback.call import ACCOUNT, Call, Refusal
from loopback.model_data import is_there, uri_of

if TYPE_CHECKING:
    from loopback.server import Loopback


def install(loop: "Loopback") -> None:
    """Take the operations over."""
    _take_every_instance_type()
    loop.operations |= {
        "sagemaker:CreateModel": create_model,
        "sagemaker:CreateEndpointConfig": create_endpoint_config,
        "sagemaker:DeleteModelPackage": delete_model_package,
        "sagemaker:DeleteModelPackageGroup": delete_model_package_group,
        "sagemaker:AddTags": add_tags,
    }


def create_model(call: Call) -> dict[str, Any]:
    """CreateModel: once under a name, and only with data that are there."""
    name = call.request["ModelName"]
    if name in call.backend._models:
        arn = f"arn:aws:sagemaker:{call.region}:{ACCOUNT}:model/{name.lower()}"
        raise _refused(f'Cannot create already existing model "{arn}".')
    primary = call.request.get("PrimaryContainer")
    for container in [primary] if primary else call.request.get("Containers") or []:
        if not is_there(container):
            raise _refused(f"Could not find model data at {uri_of(container)}.")
    answer = call.forward()
    isolated = bool(call.request.get("EnableNetworkIsolation"))
    call.backend._models[name].enable_network_isolation = isolated
    return answer


def create_endpoint_config(call: Call) -> dict[str, Any]:
    """CreateEndpointConfig: once under a name."""
    name = call.request["EndpointConfigName"]
    if name in call.backend.endpoint_configs:
        arn = f"arn:aws:sagemaker:{call.region}:{ACCOUNT}:endpoint-config/{name.lower()}"
        raise _refused(f'Cannot create already existing endpoint configuration "{arn}".')
    for variant in call.request["ProductionVariants"]:
        if ("InstanceType" in variant) == ("ServerlessConfig" in variant):
            raise _refused(
                f"Variant {variant['VariantName']} needs one of InstanceType and ServerlessConfig"
            )
    return call.forward()


def delete_model_package(call: Call) -> dict[str, Any]:
    """DeleteModelPackage."""
    backend, name = call.backend, call.request["ModelPackageName"]
    arn = backend.model_package_name_mapping.get(name, name)
    if arn not in backend.model_packages:
        raise _refused(f"ModelPackage {name} does not exist.")
    del backend.model_packages[arn]
    for key in [k for k, v in backend.model_package_name_mapping.items() if v == arn]:
        del backend.model_package_name_mapping[key]
    return {}


def delete_model_package_group(call: Call) -> dict[str, Any]:
    """DeleteModelPackageGroup: refused while it holds packages."""
    backend, name = call.backend, call.request["ModelPackageGroupName"]
    if name not in backend.model_package_groups:
        raise _refused(f"ModelPackageGroup {name} does not exist.")
    packages = backend.model_packages.values()
    if any(each.model_package_group_name == name for each in packages):
        raise Refusal("ConflictException", f"Model Package Group {name} holds model packages.")
    del backend.model_package_groups[name]
    return {}


def add_tags(call: Call) -> dict[str, Any]:
    """AddTags: a key that is there gets the new value; moto would keep both."""
    record = call.backend._get_resource_from_arn(call.request["ResourceArn"])
    if record is not None:
        added = {each["Key"] for each in call.request["Tags"]}
        record.tags = [each for each in record.tags if each["Key"] not in added]
    return call.forward()


def _take_every_instance_type() -> None:
    """Moto's list ends with the machines of 2020; every request is held to AWS's own."""
    from moto.sagemaker.models import FakeEndpointConfig

    FakeEndpointConfig.validate_instance_type = lambda *_: None  # type: ignore[method-assign]


def _refused(message: str) -> Refusal:
    return Refusal("ValidationException", message)
