"""What a team does with its endpoints and its bills, on the loopback's real processes."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import pyarrow.parquet as pq
import pytest

from loopback.server import BUCKET, Loopback
from radimpress.cloud.endpoints.logs import last_lines
from radimpress.cloud.inventory import Kind, take_stock
from radimpress.cloud.inventory.teardown import tear_down, to_remove, whats_left
from radimpress.cloud.invoke.client import EndpointClient
from radimpress.cloud.invoke.system import EndpointSystem
from radimpress.cloud.invoke.throttling import Patience
from radimpress.cloud.session import Session, open_session
from radimpress.cloud.storage import put_files
from radimpress.cloud.tags import tags
from radimpress.config.cloud import Cloud
from radimpress.corpus.report import Report, read_predictions
from radimpress.modeling.recipe import Decoding
from radimpress.modeling.summarizer import Summarizer
from radimpress.runtime.errors import RadimpressError
from radimpress.serving.package import pack

IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/radimpress:latest"
ROLE = "arn:aws:iam::123456789012:role/radimpress-execution"
QUICK = Patience(first_s=0.02, longest_s=0.2)
DECODING = Decoding(8)
pytestmark = [pytest.mark.slow, pytest.mark.rehearsal]

Deploy = Callable[..., str]


@pytest.fixture
def session(loopback: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    """The loopback's account; kept answers lie in a repository of the test's own."""
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    return open_session(Cloud())


@pytest.fixture
def deploy(session: Session, model_folder: Path, tmp_path: Path) -> Deploy:
    """Serve the tiny model at an endpoint, as a package of one version."""

    def serve(name: str, version: str = "3", **more: Any) -> str:
        lineage = {"radimpress.version": version, "radimpress.registered_model": "radimpress"}
        archive = tmp_path / f"{name}-{version}.tar.gz"
        pack(model_folder, archive, lineage)
        folder = put_files(session, {"model.tar.gz": archive}, "models")
        client, tagged = session.client("sagemaker"), tags(Cloud(), "endpoint")
        parts = f"{name}-{version}"
        client.create_model(
            ModelName=parts,
            PrimaryContainer={"Image": IMAGE, "ModelDataUrl": f"{folder}model.tar.gz"},
            ExecutionRoleArn=ROLE,
            Tags=tagged,
        )
        variant = {"VariantName": "AllTraffic", "ModelName": parts, "InitialInstanceCount": 1}
        variant["ContainerStartupHealthCheckTimeoutInSeconds"] = 1200
        client.create_endpoint_config(
            EndpointConfigName=parts,
            ProductionVariants=[{**variant, "InstanceType": "ml.c7i.xlarge"}],
            Tags=tagged,
            **more,
        )
        client.create_endpoint(EndpointName=name, EndpointConfigName=parts, Tags=tagged)
        _wait(session, name)
        return name

    return serve


def _wait(session: Session, name: str) -> None:
    for _ in range(600):
        told = session.client("sagemaker").describe_endpoint(EndpointName=name)
        if told["EndpointStatus"] != "Creating":
            assert told["EndpointStatus"] == "InService", last_lines(session, name, public=True)
            return
        time.sleep(0.1)
    raise AssertionError(told)


@pytest.fixture
def reports() -> list[Report]:
    """Sixty reports; one has no findings."""
    said = ["Clear lungs.", "Left pleural effusion.", "No pneumothorax. Heart is large.", ""]
    texts = [said[n % 3] + f" Film {n}." for n in range(59)] + [""]
    return [Report(f"s{n}", "", "synthetic", "cough", text, "") for n, text in enumerate(texts)]


def test_an_endpoint_answers_as_the_model_does_here_throttled_and_failing(
    session: Session,
    deploy: Deploy,
    reports: list[Report],
    loopback: Loopback,
    model_folder: Path,
) -> None:
    deploy("impressions")
    here = Summarizer.from_folder(model_folder, decoding=DECODING).generate(reports)
    loopback.faults.throttle("InvokeEndpoint", times=40)
    loopback.faults.fail("InvokeEndpoint", nth=60, times=3, status=500)
    client = EndpointClient(session, "impressions", patience=QUICK)
    system = EndpointSystem("remote", client, DECODING)
    assert system.generate(reports) == here
    assert loopback.calls["sagemaker:InvokeEndpoint"] == 59 + 40 + 3
    assert (system.served["endpoint"], system.served["version"]) == ("impressions", "3")

    killed = EndpointSystem("remote", EndpointClient(session, "impressions"), DECODING)
    before = loopback.calls["sagemaker:InvokeEndpoint"]
    assert killed.generate(reports) == here, "answers of the first run are kept"
    assert loopback.calls["sagemaker:InvokeEndpoint"] == before
    killed.discard()


def test_a_killed_run_asks_only_what_is_missing(
    session: Session,
    deploy: Deploy,
    reports: list[Report],
    loopback: Loopback,
    root: Path,
    tmp_path: Path,
) -> None:
    deploy("impressions")
    asked = tmp_path / "asked.jsonl"
    rows = [{"study_id": r.study_id, "findings": r.findings} for r in reports if r.findings]
    asked.write_text("\n".join(map(json.dumps, rows)))
    loopback.faults.delay("InvokeEndpoint", 0.15)
    command = [sys.executable, "-m", "radimpress.cli", "invoke", "impressions", str(asked)]
    killed = subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL, env=dict(os.environ))
    while loopback.calls["sagemaker:InvokeEndpoint"] < 20:
        assert killed.poll() is None
        time.sleep(0.02)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    time.sleep(0.3)
    (kept,) = (tmp_path / "data/answers").glob("*.jsonl")
    assert kept.stat().st_mode & 0o777 == 0o600
    answered = len(kept.read_text().splitlines())
    assert 5 <= answered < 59
    before = loopback.calls["sagemaker:InvokeEndpoint"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["study_id"] for line in lines] == [row["study_id"] for row in rows]
    assert loopback.calls["sagemaker:InvokeEndpoint"] - before == 59 - answered
    assert not list((tmp_path / "data").rglob("*.jsonl"))


def test_an_asynchronous_endpoint_answers_through_s3_and_leaves_no_text_there(
    session: Session, deploy: Deploy
) -> None:
    folder = f"s3://{BUCKET}/endpoints/later"
    where = {"S3OutputPath": f"{folder}/output", "S3FailurePath": f"{folder}/failure"}
    deploy("later", AsyncInferenceConfig={"OutputConfig": where})
    client = EndpointClient(session, "later", patience=QUICK)
    answer = client.ask({"study_id": "a", "findings": "Clear lungs.", "statements": False})
    assert answer["study_id"] == "a"
    listed = session.client("s3").list_objects_v2(Bucket=BUCKET).get("Contents", [])
    assert not [o["Key"] for o in listed if o["Key"].startswith(("invoke/", "endpoints/"))]
    with pytest.raises(RadimpressError, match="gave no answer"):
        client.ask({"findings": "Clear.", "num_beams": 9999})


def test_a_container_s_refusal_is_told_in_its_own_words(session: Session, deploy: Deploy) -> None:
    deploy("impressions")
    client = EndpointClient(session, "impressions", patience=QUICK)
    with pytest.raises(RadimpressError, match="status 400: .*num_beams"):
        client.ask({"findings": "CANARY lungs.", "num_beams": 9999})


def test_teardown_leaves_nothing_of_ours_and_everything_of_others(
    session: Session, deploy: Deploy
) -> None:
    deploy("impressions")
    other = {"VariantName": "AllTraffic", "ModelName": "impressions-3", "InitialInstanceCount": 1}
    session.client("sagemaker").create_endpoint_config(
        EndpointConfigName="radimpress-of-others",
        ProductionVariants=[{**other, "InstanceType": "ml.c7i.xlarge"}],
        Tags=[{"Key": "radimpress:project", "Value": "another"}],
    )
    found = take_stock(session)
    assert found.unseen == ()
    assert found.usd_per_hour >= 0.214
    assert Kind.endpoint in {each.kind for each in found.standing}
    problems = [each.problem for each in tear_down(session, to_remove(found, data=False))]
    assert set(problems) == {""}
    assert whats_left(session).is_nothing
    names = session.client("sagemaker").list_endpoint_configs()["EndpointConfigs"]
    assert [each["EndpointConfigName"] for each in names] == ["radimpress-of-others"]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Three hundred reports."""
    rows = [{"study_id": f"s{n}", "findings": f"Clear lungs. Film {n}."} for n in range(300)]
    path = tmp_path / "corpus.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


@pytest.fixture
def batch(root: Path, corpus: Path, model_folder: Path, tmp_path: Path) -> Callable[..., list[str]]:
    """The command line of a batch with shards of ten reports."""

    def command(output: str, *overrides: str) -> list[str]:
        words = ["batch", str(corpus), *overrides, "generation.max_new_tokens=8"]
        options = ["--output", str(tmp_path / output), "--model", str(model_folder)]
        return [sys.executable, "-m", "radimpress.cli", *words, *options, "--shard", "10"]

    return command


def test_a_batch_survives_a_killed_client_and_a_lost_job_shard_by_shard(
    session: Session,
    batch: Callable[..., list[str]],
    loopback: Loopback,
    root: Path,
    tmp_path: Path,
) -> None:
    there = "compute=sagemaker_loopback"
    command = batch("there.parquet", there)
    killed = subprocess.Popen(command, cwd=root, stderr=subprocess.PIPE, text=True)
    while not _finished(loopback):
        assert killed.poll() is None, killed.communicate()
        time.sleep(0.05)
    killed.kill()
    killed.wait()
    (job,) = session.client("sagemaker").list_processing_jobs()["ProcessingJobSummaries"]

    def stop() -> None:
        session.client("sagemaker").stop_processing_job(ProcessingJobName=job["ProcessingJobName"])

    Thread(target=stop).start()
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    subprocess.run(batch("here.parquet", "compute.threads=1"), cwd=root, check=True)
    here, away = tmp_path / "here.parquet", tmp_path / "there.parquet"
    assert pq.read_table(away).equals(pq.read_table(here))
    assert [p.study_id for p in read_predictions(away)] == [f"s{n}" for n in range(300)]


def _finished(loop: Loopback) -> list[str]:
    found = loop.client("s3").list_objects_v2(Bucket=BUCKET, Prefix="batch/").get("Contents", [])
    return [each["Key"] for each in found if "/output/" in each["Key"]]
