"""The loopback's transform jobs send records to the model's own server, as SageMaker's do."""

import io
import json
import tarfile
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loopback.records import assemble, requests

if TYPE_CHECKING:
    from loopback.server import Loopback

BUCKET = "radimpress-123456789012-us-east-1"
ROLE = "arn:aws:iam::123456789012:role/radimpress-execution"
ENDED = ("Completed", "Failed", "Stopped")


def start(loop: "Loopback", behaviour: dict[str, Any], **members: Any) -> None:
    """Transform two objects of three lines with the toy image."""
    packed = io.BytesIO()
    body = json.dumps(behaviour).encode()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        entry = tarfile.TarInfo("behaviour.json")
        entry.size = len(body)
        archive.addfile(entry, io.BytesIO(body))
    s3, sagemaker = loop.client("s3"), loop.client("sagemaker")
    s3.put_object(Bucket=BUCKET, Key="model.tar.gz", Body=packed.getvalue())
    s3.put_object(Bucket=BUCKET, Key="in/a.jsonl", Body=b"one\ntwo\nthree\n")
    s3.put_object(Bucket=BUCKET, Key="in/deep/b.jsonl", Body=b"four\nfive")
    container = {
        "Image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/toy:1",
        "ModelDataUrl": f"s3://{BUCKET}/model.tar.gz",
    }
    sagemaker.create_model(ModelName="toy", ExecutionRoleArn=ROLE, PrimaryContainer=container)
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{BUCKET}/in/"}}
    asked = {
        "TransformJobName": "many",
        "ModelName": "toy",
        "MaxConcurrentTransforms": 2,
        "BatchStrategy": "SingleRecord",
        "TransformInput": {"DataSource": source, "SplitType": "Line", "ContentType": "text/plain"},
        "TransformOutput": {"S3OutputPath": f"s3://{BUCKET}/made", "AssembleWith": "Line"},
        "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
    }
    sagemaker.create_transform_job(**asked | members)


def ended(loop: "Loopback") -> dict[str, Any]:
    return awaited(loop, lambda job: job["TransformJobStatus"] in ENDED)


def awaited(loop: "Loopback", is_so: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    job: dict[str, Any] = {}
    for _ in range(300):
        job = loop.client("sagemaker").describe_transform_job(TransformJobName="many")
        if is_so(job):
            return job
        time.sleep(0.1)
    raise AssertionError(job)


def made(loop: "Loopback") -> dict[str, bytes]:
    s3 = loop.client("s3")
    found = s3.list_objects_v2(Bucket=BUCKET, Prefix="made/").get("Contents", [])
    keys = [entry["Key"] for entry in found]
    return {key: s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() for key in keys}


def test_every_line_is_answered_in_its_place(loopback: "Loopback") -> None:
    start(loopback, {"says": "x"})
    job = ended(loopback)
    assert job["TransformJobStatus"] == "Completed", job.get("FailureReason")
    assert made(loopback) == {
        "made/a.jsonl.out": b"x:one\nx:two\nx:three\n",
        "made/deep/b.jsonl.out": b"x:four\nx:five\n",
    }


def test_lines_share_requests_and_machines_share_objects(loopback: "Loopback") -> None:
    resources = {"InstanceType": "ml.m5.large", "InstanceCount": 2}
    start(loopback, {"says": "x"}, BatchStrategy="MultiRecord", TransformResources=resources)
    assert ended(loopback)["TransformJobStatus"] == "Completed"
    assert made(loopback)["made/a.jsonl.out"] == b"x:one\ntwo\nthree\n"
    assert made(loopback)["made/deep/b.jsonl.out"] == b"x:four\nfive\n"


def test_an_answer_of_400_or_500_fails_the_job(loopback: "Loopback") -> None:
    start(loopback, {"status": 500}, ModelClientConfig={"InvocationsMaxRetries": 1})
    job = ended(loopback)
    assert job["TransformJobStatus"] == "Failed"
    assert job["FailureReason"].startswith("AlgorithmError")
    assert made(loopback) == {}


def test_a_stopped_job_ends_its_server(loopback: "Loopback") -> None:
    start(loopback, {"sleep_s": 1})
    loopback.client("sagemaker").stop_transform_job(TransformJobName="many")
    assert ended(loopback)["TransformJobStatus"] == "Stopped"
    loopback.reset()


def test_a_model_that_does_not_exist_is_refused(loopback: "Loopback") -> None:
    with pytest.raises(Exception, match="Could not find model"):
        start(loopback, {}, ModelName="nobody")


@given(
    st.lists(st.binary(min_size=1, max_size=9).filter(lambda b: b.splitlines() == [b])),
    st.booleans(),
)
@settings(max_examples=50)
def test_requests_hold_every_record_once_in_order_and_fit(lines: list[bytes], many: bool) -> None:
    content = b"\n".join(lines)
    bodies = list(requests(content, "Line", many, 12))
    assert assemble(bodies, by_line=True).splitlines() == content.splitlines()
    assert all(len(body) <= 12 for body in bodies)


def test_a_record_above_the_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="a record of 13 bytes"):
        list(requests(b"thirteen byte", "Line", many=True, most=12))
