"""The loopback's processing jobs read, run, upload, fail and stop as SageMaker's do."""

import json
import textwrap
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from loopback.server import Loopback

BUCKET = "radimpress-123456789012-us-east-1"
ROLE = "arn:aws:iam::123456789012:role/radimpress-execution"
IMAGE = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2"
ENDED = ("Completed", "Failed", "Stopped")
Run = Callable[..., dict[str, Any]]


@pytest.fixture
def start(loopback: "Loopback") -> Callable[..., None]:
    """Start a processing job that runs a Python program on two lines of input."""

    def create(program: str, mode: str = "EndOfJob", count: int = 1, **members: Any) -> None:
        s3, prefix = loopback.client("s3"), f"s3://{BUCKET}"
        s3.put_object(Bucket=BUCKET, Key="in/a.txt", Body=b"1")
        s3.put_object(Bucket=BUCKET, Key="in/b.txt", Body=b"2")
        body = textwrap.dedent(program).encode()
        s3.put_object(Bucket=BUCKET, Key="code/program.py", Body=body)
        whole = {"S3DataType": "S3Prefix", "S3InputMode": "File"}
        code = {"S3Uri": f"{prefix}/code/", "LocalPath": "/opt/ml/processing/code"} | whole
        given = {"S3Uri": f"{prefix}/in/", "LocalPath": "/opt/ml/processing/input"} | whole
        given |= {"S3DataDistributionType": "ShardedByS3Key"}
        output = {
            "S3Uri": f"{prefix}/made",
            "LocalPath": "/opt/ml/processing/output",
            "S3UploadMode": mode,
        }
        loopback.client("sagemaker").create_processing_job(
            ProcessingJobName="sums",
            RoleArn=ROLE,
            AppSpecification={
                "ImageUri": IMAGE,
                "ContainerEntrypoint": ["python", "/opt/ml/processing/code/program.py"],
            },
            ProcessingResources={
                "ClusterConfig": {
                    "InstanceCount": count,
                    "InstanceType": "ml.m5.large",
                    "VolumeSizeInGB": 5,
                }
            },
            ProcessingInputs=[
                {"InputName": "code", "S3Input": code},
                {"InputName": "in", "S3Input": given},
            ],
            ProcessingOutputConfig={"Outputs": [{"OutputName": "out", "S3Output": output}]},
            **members,
        )

    return create


def ended(loop: "Loopback") -> dict[str, Any]:
    job: dict[str, Any] = {}
    for _ in range(300):
        job = loop.client("sagemaker").describe_processing_job(ProcessingJobName="sums")
        if job["ProcessingJobStatus"] in ENDED:
            return job
        time.sleep(0.1)
    raise AssertionError(job)


def objects(loop: "Loopback", prefix: str) -> dict[str, bytes]:
    s3 = loop.client("s3")
    found = s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", [])
    keys = [entry["Key"] for entry in found]
    return {key: s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() for key in keys}


SHARD = """
    import json, os, pathlib
    told = json.load(open("/opt/ml/config/resourceconfig.json"))
    folder = pathlib.Path("/opt/ml/processing")
    names = sorted(path.name for path in (folder / "input").iterdir())
    (folder / "output" / told["current_host"]).write_text(json.dumps([names, os.environ["WORD"]]))
    pathlib.Path("/opt/ml/output/message").write_text("all summed up")
"""


def test_hosts_share_the_input_and_both_outputs_are_uploaded(
    loopback: "Loopback", start: Callable[..., None]
) -> None:
    start(SHARD, count=2, Environment={"WORD": "so"})
    job = ended(loopback)
    assert job["ProcessingJobStatus"] == "Completed", job.get("FailureReason")
    assert job["ExitMessage"] == "all summed up"
    made = {key: json.loads(body) for key, body in objects(loopback, "made/").items()}
    assert made == {"made/algo-1": [["a.txt"], "so"], "made/algo-2": [["b.txt"], "so"]}
    listed = loopback.client("sagemaker").list_processing_jobs()["ProcessingJobSummaries"]
    assert [entry["ProcessingJobStatus"] for entry in listed] == ["Completed"]


def test_a_failed_job_uploads_nothing(loopback: "Loopback", start: Callable[..., None]) -> None:
    start(SHARD)  # without WORD
    job = ended(loopback)
    assert job["ProcessingJobStatus"] == "Failed"
    assert job["FailureReason"].endswith("exit code: 1")
    assert objects(loopback, "made/") == {}


def test_continuous_output_is_there_before_the_end_and_after_a_stop(
    loopback: "Loopback", start: Callable[..., None]
) -> None:
    loopback.job_pace.grace_s = 0.1
    start(
        "import time; open('/opt/ml/processing/output/first', 'w').write('1'); time.sleep(60)",
        mode="Continuous",
    )
    while not objects(loopback, "made/"):
        time.sleep(0.1)
    loopback.client("sagemaker").stop_processing_job(ProcessingJobName="sums")
    assert ended(loopback)["ProcessingJobStatus"] == "Stopped"
    assert objects(loopback, "made/") == {"made/first": b"1"}


def test_a_job_that_runs_too_long_fails(loopback: "Loopback", start: Callable[..., None]) -> None:
    loopback.job_pace.grace_s = 0.1
    start("import time; time.sleep(60)", StoppingCondition={"MaxRuntimeInSeconds": 1})
    assert "maximum runtime of 1 seconds" in ended(loopback)["FailureReason"]
