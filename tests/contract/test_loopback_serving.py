"""The project's own package, answered by its own app and by the Hugging Face image's stand-in."""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from loopback.server import BUCKET
from radimpress.serving.package import pack, unpack

if TYPE_CHECKING:
    from loopback.server import Loopback

pytestmark = [pytest.mark.slow, pytest.mark.rehearsal]
ROLE = "arn:aws:iam::123456789012:role/radimpress-execution"
OWN = "123456789012.dkr.ecr.us-east-1.amazonaws.com/radimpress:1"
HUGGING_FACE = (
    "763104351884.dkr.ecr.us-east-1.amazonaws.com/huggingface-pytorch-inference:"
    "2.6.0-transformers4.51.3-cpu-py312-ubuntu22.04"
)
ASKED = json.dumps({"findings": "No pleural effusion.", "study_id": "s1"}).encode()


@pytest.fixture(scope="module")
def archive(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package of the tiny model."""
    path = tmp_path_factory.mktemp("packed") / "model.tar.gz"
    pack(model_folder, path, {"radimpress.version": "7"})
    return path


def serve(loop: "Loopback", name: str, container: dict[str, Any]) -> dict[str, Any]:
    """Create an endpoint `name`; what is told of it once it has settled."""
    sagemaker = loop.client("sagemaker")
    sagemaker.create_model(ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer=container)
    instance = {"InstanceType": "ml.c7i.xlarge", "InitialInstanceCount": 1}
    variants = [{"VariantName": "AllTraffic", "ModelName": name} | instance]
    variants[0]["ContainerStartupHealthCheckTimeoutInSeconds"] = 600
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=variants)
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    while True:
        told = sagemaker.describe_endpoint(EndpointName=name)
        if told["EndpointStatus"] != "Creating":
            return dict(told)
        time.sleep(0.1)


def ask(loop: "Loopback", name: str, body: bytes = ASKED) -> dict[str, Any]:
    """InvokeEndpoint."""
    answer = loop.client("sagemaker-runtime").invoke_endpoint(
        EndpointName=name, Body=body, ContentType="application/json", Accept="application/json"
    )
    assert answer["ContentType"].startswith("application/json")
    return dict(json.loads(answer["Body"].read()))


def test_both_images_answer_alike(loopback: "Loopback", archive: Path, tmp_path: Path) -> None:
    loopback.client("s3").upload_file(str(archive), BUCKET, "m/model.tar.gz")
    packed = {"ModelDataUrl": f"s3://{BUCKET}/m/model.tar.gz"}
    folder = unpack(archive, tmp_path / "model")
    for path in folder.rglob("*"):
        if path.is_file():
            key = f"u/{path.relative_to(folder).as_posix()}"
            loopback.client("s3").upload_file(str(path), BUCKET, key)
    source = {"S3Uri": f"s3://{BUCKET}/u/", "S3DataType": "S3Prefix", "CompressionType": "None"}
    unpacked = {"ModelDataSource": {"S3DataSource": source}}
    for name, container in {
        "own": {"Image": OWN} | unpacked,
        "toolkit": {"Image": HUGGING_FACE} | packed,
    }.items():
        told = serve(loopback, name, container)
        assert told["EndpointStatus"] == "InService", told
    own, toolkit = ask(loopback, "own"), ask(loopback, "toolkit")
    assert own["impression"]
    assert own["model"]["version"] == "7"
    assert toolkit == own
    with pytest.raises(ClientError) as raised:
        ask(loopback, "own", b'{"findigns": ""}')
    assert raised.value.response["OriginalStatusCode"] == 400
    assert json.loads(raised.value.response["OriginalMessage"])["error"]["field"] == "findigns"
    with pytest.raises(ClientError) as raised:
        ask(loopback, "toolkit", b'{"findigns": ""}')
    assert raised.value.response["OriginalStatusCode"] == 400


def test_a_damaged_package_fails_our_app_and_goes_unseen_by_the_toolkits_ping(
    loopback: "Loopback", archive: Path, tmp_path: Path
) -> None:
    folder = unpack(archive, tmp_path / "model")
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-4] + b"....")
    for path in folder.rglob("*"):
        if path.is_file():
            key = f"u/{path.relative_to(folder).as_posix()}"
            loopback.client("s3").upload_file(str(path), BUCKET, key)
    source = {"S3Uri": f"s3://{BUCKET}/u/", "S3DataType": "S3Prefix", "CompressionType": "None"}
    unpacked = {"ModelDataSource": {"S3DataSource": source}}
    told = serve(loopback, "own", {"Image": OWN} | unpacked)
    assert told["EndpointStatus"] == "Failed"
    assert "did not pass the ping health check" in told["FailureReason"]
    logs, group = loopback.client("logs"), "/aws/sagemaker/Endpoints/own"
    stream = logs.describe_log_streams(logGroupName=group)["logStreams"][0]["logStreamName"]
    said = logs.get_log_events(logGroupName=group, logStreamName=stream)["events"]
    assert any("model.safetensors" in each["message"] for each in said)
    told = serve(loopback, "toolkit", {"Image": HUGGING_FACE} | unpacked)
    assert told["EndpointStatus"] == "InService"
    with pytest.raises(ClientError) as raised:
        ask(loopback, "toolkit")
    assert "model.safetensors" in raised.value.response["OriginalMessage"]
