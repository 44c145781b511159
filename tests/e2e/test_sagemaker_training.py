"""The stage `train` in SageMaker jobs that really run, on the SageMaker of this machine."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from radimpress.config.load import compose
from radimpress.config.schema import ListNumbers
from radimpress.corpus.report import Report, write_reports

if TYPE_CHECKING:
    from loopback.server import Loopback

WEIGHTS = "models/finetuned/model.safetensors"
SETTINGS = [
    "training.max_steps=60",
    "training.evaluations=6",
    "training.patience=6",
    "training.batch_size=16",
    "training.learning_rate=3e-3",
    "compute.threads=1",
]
REMOTE, TWO = ["compute=sagemaker_loopback"], ["compute=sagemaker_loopback_2nodes"]
PARTS, STATES = ("heart", "lungs", "pleura", "spine"), ("normal", "clear", "small", "enlarged")


def invented(count: int, seed: int) -> list[Report]:
    dice = random.Random(seed)
    reports = []
    for number in range(count):
        words = [f"{dice.choice(PARTS)} {dice.choice(STATES)}." for _ in range(dice.randint(2, 8))]
        study = f"s{seed}{number:03}"
        reports.append(Report(study, study, "invented", "", " ".join(words), words[0]))
    return reports


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Splits and a foundation without dropout, which differs by process."""
    import torch
    from transformers import T5Config, T5ForConditionalGeneration

    from radimpress.modeling.folder import save_model
    from radimpress.modeling.prompt import Prompt
    from radimpress.modeling.recipe import Decoding, Recipe, TextCleaning
    from radimpress.modeling.tokenizer import train_tokenizer

    folder, train = tmp_path_factory.mktemp("inputs"), invented(70, 1)
    write_reports(folder / "data/splits/train.parquet", train)
    write_reports(folder / "data/splits/validation.parquet", invented(21, 2))
    write_reports(folder / "data/splits/test.parquet", invented(9, 3))
    tokenizer = train_tokenizer([report.findings for report in train], 300)
    torch.manual_seed(0)
    sizes = {"d_model": 16, "d_kv": 8, "d_ff": 32, "num_layers": 1, "num_heads": 2}
    model = T5ForConditionalGeneration(
        T5Config(
            **sizes, vocab_size=len(tokenizer), dropout_rate=0.0, feed_forward_proj="gated-gelu",
            decoder_start_token_id=0,
        )
    )  # fmt: skip
    cleaning = TextCleaning(ListNumbers.strip, "___")
    recipe = Recipe("t5_tiny", "invented", Prompt("{findings}", 64, 32), cleaning, Decoding(12), "")
    save_model(folder / "models/foundation", model, tokenizer, recipe)
    return folder


@pytest.fixture
def workspace(tmp_path: Path, root: Path, inputs: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(inputs, tmp_path, dirs_exist_ok=True)
    (tmp_path / "conf").symlink_to(root / "conf")
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    monkeypatch.setenv("OMP_WAIT_POLICY", "passive")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    return tmp_path


def start(
    workspace: Path, root: Path, *overrides: str, stage: str = "train"
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-u", root / f"pipelines/{stage}.py", *SETTINGS, *overrides],
        cwd=workspace,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run(workspace: Path, root: Path, *overrides: str, stage: str = "train") -> str:
    process = start(workspace, root, *overrides, stage=stage)
    output, _ = process.communicate()
    assert process.returncode == 0, output
    return output


@pytest.fixture(scope="module")
def local(root: Path, inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the laptop trains itself."""
    folder = tmp_path_factory.mktemp("local")
    shutil.copytree(inputs, folder, dirs_exist_ok=True)
    (folder / "conf").symlink_to(root / "conf")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DVC_ROOT", str(folder))
        patch.setenv("OMP_WAIT_POLICY", "passive")
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        run(folder, root, "compute=cpu")
    return folder


def jobs(loopback: "Loopback") -> list[str]:
    listed = loopback.client("sagemaker").list_training_jobs(MaxResults=100)
    return [job["TrainingJobName"] for job in listed["TrainingJobSummaries"]]


def keys(loopback: "Loopback") -> list[str]:
    """Everything in the bucket."""
    s3 = loopback.client("s3")
    bucket = s3.list_buckets()["Buckets"][0]["Name"]
    return [one["Key"] for one in s3.list_objects_v2(Bucket=bucket)["Contents"]]


def wait_for(process: subprocess.Popen[str], words: str) -> str:
    """Read what it says until `words` come."""
    said = ""
    for line in process.stdout or ():
        said += line
        if words in line:
            return said
    pytest.fail(f"it ended without {words!r}: {said}")


def summary(workspace: Path) -> dict[str, object]:
    plain: dict[str, object] = json.loads((workspace / "reports/training/summary.json").read_text())
    return plain


def curves(workspace: Path, root: Path) -> list[tuple[int, float]]:
    """The validation losses in MLflow."""
    import mlflow

    client = mlflow.MlflowClient(f"sqlite:///{workspace}/mlruns/mlflow.db")
    name = compose([], root / "conf").tracking.experiment
    (found,) = client.search_runs([client.get_experiment_by_name(name).experiment_id])
    assert found.info.status == "FINISHED"
    return [
        (one.step, one.value) for one in client.get_metric_history(found.info.run_id, "val/loss")
    ]


@pytest.mark.slow
def test_a_job_gives_the_very_model_and_the_second_time_nothing_is_uploaded_or_paid(
    workspace: Path, root: Path, local: Path, loopback: "Loopback"
) -> None:
    output = run(workspace, root, *REMOTE)
    assert "trained 60 steps" in output
    assert (workspace / WEIGHTS).read_bytes() == (local / WEIGHTS).read_bytes()
    for name in ("models/finetuned/radimpress.json", "reports/training/history.csv"):
        assert (workspace / name).read_bytes() == (local / name).read_bytes()
    assert curves(workspace, root) == curves(local, root)
    assert len(curves(workspace, root)) == 6
    assert not [key for key in keys(loopback) if "/checkpoints/" in key]  # the model is here
    assert not [key for key in keys(loopback) if "test.parquet" in key]

    shutil.rmtree(workspace / "models/finetuned")
    puts = loopback.calls["s3:PutObject"]
    output = run(workspace, root, *REMOTE)
    assert "found radimpress-train-" in output
    assert (workspace / WEIGHTS).read_bytes() == (local / WEIGHTS).read_bytes()
    assert loopback.calls["s3:PutObject"] == puts
    assert len(jobs(loopback)) == 1


@pytest.mark.slow
def test_after_kill_9_the_same_command_comes_back_to_its_job(
    workspace: Path, root: Path, local: Path, loopback: "Loopback"
) -> None:
    loopback.faults.machines.clear()  # or the job may end before the command is back
    client = start(workspace, root, *REMOTE)
    wait_for(client, "started radimpress-train-")
    client.kill()
    client.wait()
    again = start(workspace, root, *REMOTE)
    wait_for(again, "attached to radimpress-train-")
    loopback.faults.machines.set()
    output, _ = again.communicate()
    assert again.returncode == 0, output
    assert (workspace / WEIGHTS).read_bytes() == (local / WEIGHTS).read_bytes()
    assert curves(workspace, root) == curves(local, root)
    assert len(jobs(loopback)) == 1


@pytest.mark.slow
def test_a_job_that_ended_while_nobody_looked_is_fetched(
    workspace: Path, root: Path, local: Path, loopback: "Loopback"
) -> None:
    client = start(workspace, root, *REMOTE)
    wait_for(client, "started radimpress-train-")
    os.kill(client.pid, signal.SIGSTOP)  # the laptop sleeps
    (name,) = jobs(loopback)
    asked = loopback.client("sagemaker")
    while asked.describe_training_job(TrainingJobName=name)["TrainingJobStatus"] == "InProgress":
        time.sleep(0.3)
    os.kill(client.pid, signal.SIGCONT)
    output, _ = client.communicate()
    assert client.returncode == 0, output
    assert curves(workspace, root) == curves(local, root)


@pytest.mark.rehearsal
@pytest.mark.slow
def test_two_clients_at_once_share_one_job(
    workspace: Path, root: Path, tmp_path_factory: pytest.TempPathFactory, loopback: "Loopback"
) -> None:
    other = tmp_path_factory.mktemp("other")
    shutil.copytree(workspace, other, dirs_exist_ok=True, symlinks=True)
    clients = [start(folder, root, *REMOTE) for folder in (workspace, other)]
    said = [client.communicate()[0] for client in clients]
    assert [client.returncode for client in clients] == [0, 0], said
    assert len(jobs(loopback)) == 1
    assert (workspace / WEIGHTS).read_bytes() == (other / WEIGHTS).read_bytes()


@pytest.mark.slow
def test_a_taken_spot_machine_loses_only_what_came_after_the_checkpoint(
    workspace: Path, root: Path, local: Path, loopback: "Loopback"
) -> None:
    loopback.faults.interrupt_after_checkpoints = [8]
    steps = "training.max_steps=400"
    run(workspace, root, *REMOTE, "compute.job.spot=true", steps)
    assert isinstance(summary(workspace)["resumed_from"], int)
    assert len(jobs(loopback)) == 1
    resumed = (workspace / WEIGHTS).read_bytes()
    shutil.rmtree(workspace / "models/finetuned")
    run(workspace, root, "compute=cpu", steps)
    assert (workspace / WEIGHTS).read_bytes() == resumed


@pytest.mark.rehearsal
@pytest.mark.slow
@pytest.mark.parametrize("strategy", ["ddp", "fsdp"])
def test_two_machines_learn_what_one_learns(
    workspace: Path, root: Path, local: Path, loopback: "Loopback", strategy: str
) -> None:
    from safetensors.torch import load_file

    run(workspace, root, *TWO, f"compute.strategy={strategy}")
    assert summary(workspace)["processes"] == 2
    one, two = load_file(local / WEIGHTS), load_file(workspace / WEIGHTS)
    assert max((one[name] - two[name]).abs().max().item() for name in one) < 1e-4


@pytest.mark.slow
def test_a_failure_shows_what_the_container_said(
    workspace: Path, root: Path, loopback: "Loopback"
) -> None:
    client = start(workspace, root, *REMOTE, "training.learning_rate=1e30")
    output, _ = client.communicate()
    assert client.returncode == 1
    last = output.strip().splitlines()[-1]
    assert last.startswith("error: radimpress-train-")
    assert "loss is not finite" in last
    assert "lower training.learning_rate" in last
    assert "Traceback" not in output


@pytest.mark.rehearsal
@pytest.mark.slow
def test_by_reference_the_weights_stay_in_s3_and_generation_there_uses_them(
    workspace: Path, root: Path, local: Path, loopback: "Loopback"
) -> None:
    run(workspace, root, *REMOTE, "compute.job.returns=reference")
    assert not (workspace / WEIGHTS).exists()
    reference = json.loads((workspace / "models/finetuned/reference.json").read_text())
    assert reference["uri"].startswith("s3://radimpress-")
    assert "model.safetensors" in reference["files"]
    here = start(workspace, root, "compute=cpu", stage="generate")
    output, _ = here.communicate()
    assert "holds only a reference: its weights are at s3://" in output
    puts = loopback.calls["s3:PutObject"]
    run(workspace, root, *REMOTE, "compute.job.stages=[train,generate]", stage="generate")
    assert (workspace / "reports/predictions/finetuned/test.parquet").is_file()
    assert loopback.calls["s3:PutObject"] > puts  # test reports and settings
    assert not [k for k in keys(loopback) if k.startswith("content/") and "finetuned" in k]
    run(workspace, root, *REMOTE)  # now as files: downloads, trains nothing
    assert (workspace / WEIGHTS).read_bytes() == (local / WEIGHTS).read_bytes()


def test_a_rehearsal_never_runs_in_aws(
    workspace: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    client = start(workspace, root, *REMOTE)
    output, _ = client.communicate()
    assert client.returncode == 1
    assert "is a rehearsal and never runs in AWS" in output
