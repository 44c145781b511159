"""The loopback's training jobs run, fail, stop, resume and spread as SageMaker's do."""

import importlib.util
import io
import json
import subprocess
import sys
import tarfile
import textwrap
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from loopback import containers

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


SLEEPER = "print('ready'); import time; time.sleep(60)"
COUNTER = """
    import pathlib, time
    folder = pathlib.Path("/opt/ml/checkpoints")
    done = len(list(folder.glob("step-*")))
    print("starts at", done)
    while done < 5:
        time.sleep(0.4)
        (folder / "unfinished").write_text("x")
        (folder / "unfinished").rename(folder / f"step-{done}")
        done += 1
    pathlib.Path("/opt/ml/model/steps").write_text(str(done))
"""
CHECKPOINTS = {"S3Uri": f"s3://{BUCKET}/checkpoints/toy"}


def test_a_job_that_runs_too_long_is_stopped_although_it_ignores_the_signal(
    loopback: "Loopback", submit: Submit
) -> None:
    loopback.job_pace.grace_s = 0.3
    submit(SLEEPER, StoppingCondition={"MaxRuntimeInSeconds": 2})
    job = ended(loopback)
    assert job["TrainingJobStatus"] == "Stopped"
    assert job["SecondaryStatus"] == "MaxRuntimeExceeded"
    assert 2 <= job["TrainingTimeInSeconds"] <= 10


def test_a_second_job_goes_on_from_the_checkpoints_of_a_stopped_one(
    loopback: "Loopback", submit: Submit
) -> None:
    submit(COUNTER, "first", CheckpointConfig=CHECKPOINTS)
    while len(put_there(loopback, "checkpoints/toy/step-")) < 2:
        time.sleep(0.1)
    loopback.client("sagemaker").stop_training_job(TrainingJobName="first")
    assert ended(loopback, "first")["TrainingJobStatus"] == "Stopped"
    kept = len(put_there(loopback, "checkpoints/toy/step-"))
    submit(COUNTER, "second", CheckpointConfig=CHECKPOINTS)
    assert ended(loopback, "second")["TrainingJobStatus"] == "Completed"
    assert log(loopback, "second") == [f"starts at {kept}"]
    assert kept >= 2


def test_a_spot_job_that_is_interrupted_resumes_by_itself(
    loopback: "Loopback", submit: Submit
) -> None:
    loopback.faults.interrupt_after_checkpoints = [2]
    loopback.job_pace.grace_s = 0.1
    submit(
        COUNTER,
        CheckpointConfig=CHECKPOINTS,
        EnableManagedSpotTraining=True,
        StoppingCondition={"MaxRuntimeInSeconds": 60, "MaxWaitTimeInSeconds": 120},
    )
    job = ended(loopback)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    assert "Interrupted" in statuses(job)
    assert statuses(job).count("Training") == 2
    starts = [line for line in log(loopback) if line.startswith("starts at")]
    assert starts[0] == "starts at 0"
    assert starts[1] in {"starts at 2", "starts at 3", "starts at 4"}
    assert job["BillableTimeInSeconds"] < job["TrainingTimeInSeconds"]


def test_a_spot_job_without_capacity_ends_when_its_wait_does(
    loopback: "Loopback", submit: Submit
) -> None:
    loopback.faults.interrupt_after_s = [0.2]
    loopback.job_pace.spot_wait_s = 30
    loopback.job_pace.grace_s = 0.1
    submit(
        SLEEPER,
        CheckpointConfig=CHECKPOINTS,
        EnableManagedSpotTraining=True,
        StoppingCondition={"MaxRuntimeInSeconds": 2, "MaxWaitTimeInSeconds": 3},
    )
    job = ended(loopback, seconds=15)
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Stopped", "MaxWaitTimeExceeded")


def test_a_dead_machine_fails_the_job_or_is_replaced_where_retries_are_allowed(
    loopback: "Loopback", submit: Submit
) -> None:
    loopback.job_pace.grace_s = 0.1
    loopback.faults.node_death_after_s = [0.3, 1.0]
    submit(SLEEPER, "once")
    job = ended(loopback, "once")
    assert job["TrainingJobStatus"] == "Failed"
    assert job["FailureReason"].startswith("InternalServerError")
    retries = {"MaximumRetryAttempts": 1}
    submit(COUNTER, "twice", CheckpointConfig=CHECKPOINTS, RetryStrategy=retries)
    job = ended(loopback, "twice")
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    assert "Restarting" in statuses(job)


def test_a_job_for_which_there_is_no_machine_fails_with_a_capacity_error(
    loopback: "Loopback", submit: Submit
) -> None:
    loopback.faults.capacity = 1
    submit(SLEEPER)
    assert ended(loopback)["FailureReason"].startswith("CapacityError")


def test_a_channel_with_nothing_in_it_and_an_unknown_image_fail_the_job(
    loopback: "Loopback", submit: Submit
) -> None:
    submit("", "empty", InputDataConfig=[channel("train", "nowhere/")])
    assert "No S3 objects found under S3 URL" in ended(loopback, "empty")["FailureReason"]
    request = loopback.client("sagemaker").describe_training_job(TrainingJobName="empty")
    algorithm = {"TrainingImage": "odd", "TrainingInputMode": "File"}
    loopback.client("sagemaker").create_training_job(
        TrainingJobName="odd",
        AlgorithmSpecification=algorithm,
        **{
            name: request[name]
            for name in ("RoleArn", "OutputDataConfig", "ResourceConfig", "StoppingCondition")
        },
    )
    assert "does not know what odd runs" in ended(loopback, "odd")["FailureReason"]


def test_a_name_is_used_once_and_the_role_must_exist(loopback: "Loopback", submit: Submit) -> None:
    submit("")
    with pytest.raises(Exception, match="ResourceInUse"):
        submit("")
    with pytest.raises(Exception, match="Could not assume role"):
        submit("", "other", RoleArn=ROLE.replace("execution", "nobody"))
    with pytest.raises(Exception, match="Requested resource not found"):
        loopback.client("sagemaker").describe_training_job(TrainingJobName="none")


def test_jobs_are_listed_by_name_and_status_and_carry_their_tags(
    loopback: "Loopback", submit: Submit
) -> None:
    tags = [{"Key": "radimpress:project", "Value": "radimpress"}]
    for name in ("a-1", "a-2", "b-1"):
        submit("", name, Tags=tags)
    for name in ("a-1", "a-2", "b-1"):
        ended(loopback, name)
    sagemaker = loopback.client("sagemaker")
    asked = {"NameContains": "a-", "StatusEquals": "Completed", "SortBy": "Name", "MaxResults": 1}
    first = sagemaker.list_training_jobs(**asked)
    second = sagemaker.list_training_jobs(**asked, NextToken=first["NextToken"])
    names = [p["TrainingJobSummaries"][0]["TrainingJobName"] for p in (first, second)]
    assert names == ["a-1", "a-2"]
    assert "NextToken" not in second
    arn = first["TrainingJobSummaries"][0]["TrainingJobArn"]
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == tags


def test_uncompressed_output_lies_under_the_job_as_files(
    loopback: "Loopback", submit: Submit
) -> None:
    output = {"S3OutputPath": f"s3://{BUCKET}/out", "CompressionType": "NONE"}
    submit(
        "import pathlib; pathlib.Path('/opt/ml/model/weights').write_text('w')",
        OutputDataConfig=output,
    )
    job = ended(loopback)
    assert job["ModelArtifacts"]["S3ModelArtifacts"] == f"s3://{BUCKET}/out/toy/output/model/"
    assert put_there(loopback, "out/") == ["out/toy/output/model/weights"]


def test_a_reset_leaves_no_process_behind(loopback: "Loopback", submit: Submit) -> None:
    submit("""
        import subprocess, sys, time
        subprocess.Popen(["sleep", "4711"], start_new_session=True)  # a daemon
        print("ready", flush=True)
        time.sleep(60)
    """)
    while "ready" not in safe_log(loopback):
        time.sleep(0.1)
    assert "4711" in processes()
    loopback.reset()
    assert "4711" not in processes()


def test_a_killed_server_takes_its_jobs_with_it(root: Path) -> None:
    command = [sys.executable, "-m", "loopback", "--port", "0"]
    server = subprocess.Popen(command, cwd=root / "tests", stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    url = server.stdout.readline().strip().removeprefix("export AWS_ENDPOINT_URL=")
    boto = boto3.Session("loopback", "loopback", region_name="us-east-1")
    algorithm = {
        "TrainingImage": "pytorch-training",
        "TrainingInputMode": "File",
        "ContainerEntrypoint": ["sh", "-c", "setsid sleep 4712 & sleep 4712"],
    }
    resources = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5}
    boto.client("sagemaker", endpoint_url=url).create_training_job(
        TrainingJobName="orphan",
        RoleArn=ROLE,
        AlgorithmSpecification=algorithm,
        OutputDataConfig={"S3OutputPath": f"s3://{BUCKET}/out"},
        ResourceConfig=resources,
        StoppingCondition={"MaxRuntimeInSeconds": 60},
    )
    until = time.monotonic() + 20
    while processes().count("4712") < 2:
        assert time.monotonic() < until, "the job did not start"
        time.sleep(0.1)
    server.kill()
    server.communicate()
    while "4712" in processes() and time.monotonic() < until:
        time.sleep(0.1)
    assert "4712" not in processes()


def test_an_isolated_job_reaches_nothing_and_knows_no_credentials(
    loopback: "Loopback", submit: Submit
) -> None:
    port = loopback.url.rsplit(":", 1)[-1]
    submit(
        f"""
        import os, socket
        assert not [name for name in os.environ if name.startswith("AWS_")]
        socket.create_server(("127.0.0.1", 0))  # itself it reaches
        try:
            socket.create_connection(("127.0.0.1", {port}), 2)
        except OSError as error:
            print("no network:", error.errno)
        """,
        EnableNetworkIsolation=True,
    )
    job = ended(loopback)
    assert job["TrainingJobStatus"] == "Completed", log(loopback)
    assert log(loopback)[-1].startswith("no network")


def test_where_namespaces_are_forbidden_paths_are_rewritten(
    loopback: "Loopback", submit: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(containers, "has_namespaces", lambda: False)
    submit("""
        import pathlib
        words = pathlib.Path("/opt/ml/input/data/train/train.txt").read_text()
        pathlib.Path("/opt/ml/model/words").write_text(words)
        print(pathlib.Path("/opt/ml/model/words"))
    """)
    job = ended(loopback)
    assert job["TrainingJobStatus"] == "Completed", job["FailureReason"]
    assert log(loopback)[-1] == str(
        loopback.folder / "jobs/TrainingJob/toy/1/algo-1/ml/model/words"
    )
    resources = {"InstanceType": "ml.m5.large", "InstanceCount": 2, "VolumeSizeInGB": 5}
    submit("", "two", ResourceConfig=resources)
    assert "need namespaces" in ended(loopback, "two")["FailureReason"]


def processes() -> str:
    told = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    return "\n".join(line for line in told.stdout.splitlines() if line.startswith("sleep"))


def test_a_wheel_that_a_job_installs_is_its_own(
    loopback: "Loopback", submit: Submit, tmp_path: Path
) -> None:
    wheel = tmp_path / "toy_of_loopback-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as file:
        info = "toy_of_loopback-1.0.dist-info"
        file.writestr("toy_of_loopback.py", "WORD = 'installed'")
        file.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: toy-of-loopback\nVersion: 1.0\n"
        )
        file.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        file.writestr(f"{info}/RECORD", "")
    key = f"code/toy/{wheel.name}"
    loopback.client("s3").put_object(Bucket=BUCKET, Key=key, Body=wheel.read_bytes())
    submit(f"""
        import importlib.util, subprocess, sys
        assert importlib.util.find_spec("radimpress") is None, "AWS's images lack it"
        assert importlib.util.find_spec("torch"), "and have torch"
        wheel = "/opt/ml/input/data/code/{wheel.name}"
        subprocess.run(["pip", "install", "--no-index", "-q", wheel], check=True)
        import toy_of_loopback
        print(toy_of_loopback.WORD)
    """)
    job = ended(loopback)
    assert job["TrainingJobStatus"] == "Completed", log(loopback)
    assert log(loopback)[-1] == "installed"
    assert importlib.util.find_spec("toy_of_loopback") is None


def test_throttles_and_errors_of_a_server_are_repeated_by_the_client(loopback: "Loopback") -> None:
    loopback.faults.throttle("ListTrainingJobs", times=2)
    loopback.client("sagemaker").list_training_jobs()
    assert loopback.calls["sagemaker:ListTrainingJobs"] == 3
    loopback.faults.fail("PutObject", status=503)
    loopback.client("s3").put_object(Bucket=BUCKET, Key="a", Body=b"b")
    assert loopback.calls["s3:PutObject"] == 2
    loopback.faults.throttle("ListMetrics")
    loopback.client("cloudwatch").list_metrics()
    assert loopback.calls["monitoring:ListMetrics"] == 2
    loopback.faults.refuse("ListTrainingJobs", "AccessDeniedException", "not allowed")
    with pytest.raises(Exception, match="AccessDeniedException"):
        loopback.client("sagemaker").list_training_jobs()
    loopback.faults.delay("s3", 0.3)
    began = time.monotonic()
    loopback.client("s3").head_object(Bucket=BUCKET, Key="a")
    assert time.monotonic() - began >= 0.3
