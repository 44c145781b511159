"""The loopback's training jobs run, fail, stop, resume and spread as SageMaker's do."""

import io
import json
import tarfile
import textwrap
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from loopback.server import Loopback

BUCKET = "radimpress-123456789012-us-east-1"
ROLE = "arn:aws:iam::123456789012:role/radimpress-execution"
Submit = Callable[..., str]


@pytest.fixture
def submit(loopback: "Loopback") -> Submit:
    """Start a job that runs a Python program; its name."""

    def start(program: str, name: str = "toy", **members: Any) -> str:
        body = textwrap.dedent(program).encode()
        s3 = loopback.client("s3")
        s3.put_object(Bucket=BUCKET, Key=f"code/{name}/program.py", Body=body)
        s3.put_object(Bucket=BUCKET, Key="data/train.txt", Body=b"one two")
        request = {
            "TrainingJobName": name,
            "RoleArn": ROLE,
            "AlgorithmSpecification": {
                "TrainingImage": "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2",
                "TrainingInputMode": "File",
                "ContainerEntrypoint": ["python", "/opt/ml/input/data/code/program.py"],
            },
            "InputDataConfig": [channel("code", f"code/{name}/"), channel("train", "data/")],
            "OutputDataConfig": {"S3OutputPath": f"s3://{BUCKET}/out"},
            "ResourceConfig": {
                "InstanceType": "ml.m5.large",
                "InstanceCount": 1,
                "VolumeSizeInGB": 5,
            },
            "StoppingCondition": {"MaxRuntimeInSeconds": 60},
        }
        algorithm = members.pop("AlgorithmSpecification", {})
        request["AlgorithmSpecification"] |= algorithm  # type: ignore[operator]
        loopback.client("sagemaker").create_training_job(**request | members)
        return name

    return start


def channel(name: str, prefix: str) -> dict[str, Any]:
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{BUCKET}/{prefix}"}
    return {"ChannelName": name, "DataSource": {"S3DataSource": source}}


def ended(loop: "Loopback", name: str = "toy", seconds: float = 60) -> dict[str, Any]:
    return awaited(loop, name, lambda job: job["TrainingJobStatus"] in ENDED, seconds)


ENDED = ("Completed", "Failed", "Stopped")


def awaited(
    loop: "Loopback",
    name: str,
    is_so: Callable[[dict[str, Any]], bool],
    seconds: float = 60,
) -> dict[str, Any]:
    until = time.monotonic() + seconds
    job: dict[str, Any] = {}
    while time.monotonic() < until:
        job = loop.client("sagemaker").describe_training_job(TrainingJobName=name)
        if is_so(job):
            return job
        time.sleep(0.1)
    raise AssertionError(f"still {job['TrainingJobStatus']}/{job['SecondaryStatus']}: {job}")


def log(loop: "Loopback", name: str = "toy") -> list[str]:
    logs, group = loop.client("logs"), "/aws/sagemaker/TrainingJobs"
    streams = logs.describe_log_streams(logGroupName=group, logStreamNamePrefix=f"{name}/")
    lines: list[str] = []
    for stream in streams["logStreams"]:
        told = logs.get_log_events(
            logGroupName=group, logStreamName=stream["logStreamName"], startFromHead=True
        )
        lines += [event["message"] for event in told["events"]]
    return lines


def put_there(loop: "Loopback", prefix: str) -> list[str]:
    found = loop.client("s3").list_objects_v2(Bucket=BUCKET, Prefix=prefix)
    return [entry["Key"] for entry in found.get("Contents", [])]


def statuses(job: dict[str, Any]) -> list[str]:
    return [entry["Status"] for entry in job["SecondaryStatusTransitions"]]


def test_a_job_reads_its_channel_and_its_model_metrics_and_log_come_back(
    loopback: "Loopback", submit: Submit
) -> None:
    program = """
        import json, pathlib, socket
        ml = pathlib.Path("/opt/ml")
        words = (ml / "input/data/train/train.txt").read_text().split()
        resources = json.loads((ml / "input/config/resourceconfig.json").read_text())
        settings = json.loads((ml / "input/config/hyperparameters.json").read_text())
        print("host", socket.gethostname(), resources["hosts"], settings)
        print("loss=0.75")
        print("loss=0.25")
        (ml / "model/words.json").write_text(json.dumps(words))
        (ml / "output/data/notes.txt").write_text("done")
    """
    metrics = [{"Name": "loss", "Regex": r"loss=([0-9.]+)"}]
    algorithm = {"MetricDefinitions": metrics}
    submit(program, HyperParameters={"epochs": "3"}, AlgorithmSpecification=algorithm)
    job = ended(loopback)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    assert statuses(job) == ["Starting", "Downloading", "Training", "Uploading", "Completed"]
    assert job["FinalMetricDataList"][0]["Value"] == 0.25
    assert 1 <= job["BillableTimeInSeconds"] == job["TrainingTimeInSeconds"]
    assert job["ModelArtifacts"]["S3ModelArtifacts"] == f"s3://{BUCKET}/out/toy/output/model.tar.gz"
    packed = loopback.client("s3").get_object(Bucket=BUCKET, Key="out/toy/output/model.tar.gz")
    with tarfile.open(fileobj=io.BytesIO(packed["Body"].read())) as archive:
        words = archive.extractfile("words.json")
        assert words is not None
        assert json.load(words) == ["one", "two"]
    assert "out/toy/output/output.tar.gz" in put_there(loopback, "out/")
    assert log(loopback)[0] == "host algo-1 ['algo-1'] {'epochs': '3'}"


def test_a_failed_job_tells_what_its_program_wrote(loopback: "Loopback", submit: Submit) -> None:
    submit("""
        import pathlib, sys
        pathlib.Path("/opt/ml/output/failure").write_text("the table has no column findings")
        sys.exit(3)
    """)
    job = ended(loopback)
    assert job["TrainingJobStatus"] == "Failed"
    assert job["FailureReason"] == "AlgorithmError: the table has no column findings, exit code: 3"
    assert statuses(job)[-1] == "Failed"


def test_a_job_that_is_stopped_keeps_what_it_has_made(loopback: "Loopback", submit: Submit) -> None:
    submit("""
        import pathlib, signal, sys, time
        def leave(*_):
            pathlib.Path("/opt/ml/model/last.txt").write_text("saved on SIGTERM")
            sys.exit(0)
        signal.signal(signal.SIGTERM, leave)
        print("ready")
        time.sleep(60)
    """)
    awaited(loopback, "toy", lambda job: job["SecondaryStatus"] == "Training")
    while not any("ready" in line for line in safe_log(loopback)):
        time.sleep(0.1)
    loopback.client("sagemaker").stop_training_job(TrainingJobName="toy")
    job = ended(loopback)
    assert job["TrainingJobStatus"] == "Stopped"
    assert statuses(job)[-3:] == ["Stopping", "Uploading", "Stopped"]
    assert put_there(loopback, "out/toy/") == ["out/toy/output/model.tar.gz"]
    with pytest.raises(Exception, match="in status Stopped"):
        loopback.client("sagemaker").stop_training_job(TrainingJobName="toy")


def safe_log(loop: "Loopback") -> list[str]:
    try:
        return log(loop)
    except loop.client("logs").exceptions.ResourceNotFoundException:
        return []
