"""The model and the endpoint configuration as SageMaker is asked for them, and their names.

Pure. Both names are made of what they stand for, so whoever comes again after a crash asks for the
same and finds it there, and a change of anything is another name.
"""

from dataclasses import dataclass
from typing import Any

from radimpress.cloud.endpoints.packaged_model import PackagedModel
from radimpress.cloud.tags import COMMIT, MODEL, VERSION, tags
from radimpress.cloud.volumes import volume_key
from radimpress.config.cloud import Cloud
from radimpress.config.deployment import Deployment, EndpointMode
from radimpress.config.fingerprint import fingerprint

VARIANT = "main"  # the same in every configuration: blue/green asks for it
SHA_DIGITS, DIGEST_DIGITS = 8, 12
JSON_TYPES = ["application/json", "application/jsonlines"]


@dataclass(frozen=True, slots=True)
class Place:
    """What the account adds to a deployment."""

    cloud: Cloud
    role_arn: str
    bucket: str
    image: str


@dataclass(frozen=True, slots=True)
class Names:
    """Of the model and of the endpoint configuration."""

    model: str
    config: str


def names(place: Place, deployment: Deployment, package: PackagedModel) -> Names:
    """`<project>-v<version>-<model sha256>-<digest of all settings>`, at most 63 characters."""
    stem = f"{place.cloud.project}-v{package.version}-{package.model_sha256[:SHA_DIGITS]}"
    model = f"{stem}-{_digest(model_request(place, deployment, package, 'model', ''))}"
    config = config_request(place, deployment, Names(model, ""))
    return Names(model, f"{stem}-{_digest({**config, 'endpoint': deployment.endpoint})}")


def lineage_tags(package: PackagedModel, commit: str) -> dict[str, str]:
    """What model, configuration and endpoint say of where they come from."""
    found = {VERSION: package.version, MODEL: package.model_sha256, COMMIT: commit}
    return {key: value for key, value in found.items() if value}


def model_request(
    place: Place, deployment: Deployment, package: PackagedModel, name: str, data: str
) -> dict[str, Any]:
    """CreateModel, without tags. `data` is the S3 address of the archive or of the files."""
    source = {
        "S3Uri": data if not package.as_files else f"{data.rstrip('/')}/",
        "S3DataType": "S3Prefix" if package.as_files else "S3Object",
        "CompressionType": "None" if package.as_files else "Gzip",
    }
    container: dict[str, Any] = {
        "Image": place.image,
        "Mode": "SingleModel",
        "ModelDataSource": {"S3DataSource": source},
        "Environment": environment(deployment, package),
    }
    request: dict[str, Any] = {
        "ModelName": name,
        "PrimaryContainer": container,
        "ExecutionRoleArn": place.role_arn,
        "EnableNetworkIsolation": place.cloud.network_isolation,
    }
    if place.cloud.subnets:
        request["VpcConfig"] = {
            "Subnets": list(place.cloud.subnets),
            "SecurityGroupIds": list(place.cloud.security_groups),
        }
    return request


def environment(deployment: Deployment, package: PackagedModel) -> dict[str, str]:
    """What the container is told. The digest makes every package a model of its own name."""
    asynchronous = deployment.mode is EndpointMode.asynchronous
    return {
        "RADIMPRESS_PACKAGE": package.digest,
        "RADIMPRESS_TIMEOUT_S": "900" if asynchronous else "55",  # SageMaker gives up after 60
    }


def config_request(place: Place, deployment: Deployment, named: Names) -> dict[str, Any]:
    """CreateEndpointConfig, without tags."""
    request: dict[str, Any] = {
        "EndpointConfigName": named.config,
        "ProductionVariants": [_variant(deployment, named.model)],
    }
    key = place.cloud.kms_key
    is_serverless = deployment.mode is EndpointMode.serverless
    if not is_serverless and (fitting := volume_key(deployment.instance_type, key)):
        request["KmsKeyId"] = fitting
    where = f"s3://{place.bucket}/endpoints/{deployment.endpoint}"
    if deployment.mode is EndpointMode.asynchronous:
        request["AsyncInferenceConfig"] = {
            "OutputConfig": {
                "S3OutputPath": f"{where}/output",
                "S3FailurePath": f"{where}/failure",
                **({"KmsKeyId": key} if key else {}),
            },
            "ClientConfig": {"MaxConcurrentInvocationsPerInstance": deployment.max_concurrency},
        }
    if deployment.data_capture_percent:
        request["DataCaptureConfig"] = {
            "EnableCapture": True,
            "InitialSamplingPercentage": deployment.data_capture_percent,
            # Beside what passes, which the bucket's lifecycle rules remove after days.
            "DestinationS3Uri": f"s3://{place.bucket}/captured/{deployment.endpoint}",
            "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
            "CaptureContentTypeHeader": {"JsonContentTypes": JSON_TYPES},
            **({"KmsKeyId": key} if key else {}),
        }
    return request


def config_tags(
    place: Place, kind: str, package: PackagedModel, commit: str
) -> list[dict[str, str]]:
    """The tags of a model or configuration, which never change."""
    return tags(place.cloud, kind, lineage_tags(package, commit))


def mode_of(config: dict[str, Any]) -> EndpointMode:
    """How an endpoint of this (described) configuration is asked."""
    if "AsyncInferenceConfig" in config:
        return EndpointMode.asynchronous
    variant = config["ProductionVariants"][0]
    return EndpointMode.serverless if "ServerlessConfig" in variant else EndpointMode.realtime


def _variant(deployment: Deployment, model: str) -> dict[str, Any]:
    common = {"VariantName": VARIANT, "ModelName": model}
    if deployment.mode is EndpointMode.serverless:
        return common | {
            "ServerlessConfig": {
                "MemorySizeInMB": deployment.memory_mb,
                "MaxConcurrency": deployment.max_concurrency,
            }
        }
    return common | {
        "InstanceType": deployment.instance_type,
        "InitialInstanceCount": deployment.instances,
        "InitialVariantWeight": 1.0,
        "ModelDataDownloadTimeoutInSeconds": deployment.startup_s,
        "ContainerStartupHealthCheckTimeoutInSeconds": deployment.startup_s,
    }


def _digest(request: dict[str, Any]) -> str:
    return fingerprint(request)[:DIGEST_DIGITS]
