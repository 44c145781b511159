"""An endpoint as DescribeEndpoint tells it."""

from typing import Any

from loopback.endpoint import Endpoint
from loopback.fleet import Variant


def described(endpoint: Endpoint) -> dict[str, Any]:
    """DescribeEndpointOutput."""
    told: dict[str, Any] = {
        "EndpointName": endpoint.name,
        "EndpointArn": endpoint.arn,
        "EndpointConfigName": endpoint.blue.config_name,
        "EndpointStatus": endpoint.status,
        "CreationTime": endpoint.created,
        "LastModifiedTime": endpoint.modified,
        "FailureReason": endpoint.failure_reason,
        "LastDeploymentConfig": endpoint.last_deployment,
        "AsyncInferenceConfig": endpoint.asynchronous,
        "DataCaptureConfig": _capture(endpoint),
        "PendingDeploymentSummary": _pending(endpoint),
    }
    if endpoint.status not in ("Creating", "Failed"):
        told["ProductionVariants"] = [_variant(each) for each in endpoint.blue.variants]
    return {name: value for name, value in told.items() if value is not None}


def _variant(variant: Variant) -> dict[str, Any]:
    image = variant.container["Image"]
    told: dict[str, Any] = {
        "VariantName": variant.name,
        "DeployedImages": [{"SpecifiedImage": image, "ResolvedImage": image}],
        "CurrentWeight": variant.weight,
        "DesiredWeight": variant.weight,
    }
    if serverless := variant.settings.get("ServerlessConfig"):
        return told | {"CurrentServerlessConfig": serverless}
    return told | {
        "CurrentInstanceCount": variant.instances,
        "DesiredInstanceCount": variant.instances,
    }


def _pending(endpoint: Endpoint) -> dict[str, Any] | None:
    pending, green = endpoint.pending, endpoint.green
    if pending is None:
        return None
    told = {k: v for k, v in pending.items() if k in ("EndpointConfigName", "StartTime")}
    stage = {"Status": pending["Stage"], "StartTime": pending["StageTime"]}
    if green is not None:
        variants = [_variant(each) | {"VariantStatus": [stage]} for each in green.variants]
        told["ProductionVariants"] = variants
    return told


def _capture(endpoint: Endpoint) -> dict[str, Any] | None:
    """What is configured; nothing is captured here."""
    capture = endpoint.data_capture
    if not capture:
        return None
    enabled = bool(capture.get("EnableCapture"))
    return {
        "EnableCapture": enabled,
        "CaptureStatus": "Started" if enabled else "Stopped",
        "CurrentSamplingPercentage": capture["InitialSamplingPercentage"],
        "DestinationS3Uri": capture["DestinationS3Uri"],
        "KmsKeyId": capture.get("KmsKeyId", ""),
    }
