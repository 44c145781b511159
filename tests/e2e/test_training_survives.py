"""Training as people run it: killed, run again, spread over processes; always the same model."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from transformers import T5Config, T5ForConditionalGeneration

from radimpress.config.load import compose
from radimpress.config.schema import ListNumbers
from radimpress.corpus.report import Report, write_reports
from radimpress.modeling.folder import save_model
from radimpress.modeling.prompt import Prompt
from radimpress.modeling.recipe import Decoding, Recipe, TextCleaning
from radimpress.modeling.tokenizer import train_tokenizer
from radimpress.modeling.train_stage import train_model

OVERRIDES = [
    "training.max_steps=100",
    "training.evaluations=10",
    "training.patience=10",
    "training.batch_size=16",
    "training.learning_rate=3e-3",
    "compute.threads=1",
]
CPU, DDP = ["compute=cpu"], ["compute=cpu_ddp"]
FSDP = ["compute=cpu_ddp", "compute.strategy=fsdp", "compute.gradient_checkpointing=true"]
WEIGHTS = "models/finetuned/model.safetensors"
PARTS, STATES = ("heart", "lungs", "pleura", "spine"), ("normal", "clear", "small", "enlarged")


def invented(count: int, seed: int) -> list[Report]:
    dice = random.Random(seed)
    reports = []
    for number in range(count):
        words = [f"{dice.choice(PARTS)} {dice.choice(STATES)}." for _ in range(dice.randint(2, 8))]
        study = f"s{seed}{number:03}"
        reports.append(Report(study, study, "invented", "", " ".join(words), words[0]))
    return reports


@pytest.fixture
def workspace(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with splits and a foundation without dropout, which differs by process."""
    train = invented(70, 1)
    write_reports(tmp_path / "data/splits/train.parquet", train)
    write_reports(tmp_path / "data/splits/validation.parquet", invented(21, 2))
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
    save_model(tmp_path / "models/foundation", model, tokenizer, recipe)
    (tmp_path / "conf").symlink_to(root / "conf")
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    monkeypatch.setenv("OMP_WAIT_POLICY", "passive")
    return tmp_path


def train_here(workspace: Path, root: Path) -> dict[str, object]:
    """The stage in this process; writes what the program would write."""
    return train_model(
        compose([*OVERRIDES, *CPU], root / "conf"),
        workspace / "models/foundation",
        workspace / "data/splits",
        workspace / "models/finetuned",
        workspace / "reports/training",
    )


def start(workspace: Path, root: Path, *overrides: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-u", root / "pipelines/train.py", *OVERRIDES, *overrides],
        cwd=workspace,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def kill_after(process: "subprocess.Popen[str]", step: int, workspace: Path) -> None:
    """SIGKILL once the checkpoint of `step`, or a later one, is complete."""
    while process.poll() is None:
        markers = workspace.glob("checkpoints/*/checkpoint-*/complete.json")
        if any(int(marker.parent.name.partition("-")[2]) >= step for marker in markers):
            process.kill()
            process.wait()
            return
        time.sleep(0.005)
    pytest.fail(f"the program ended before it could be killed: {process.communicate()[0]}")


@pytest.mark.slow
def test_after_kill_9_the_same_command_gives_the_same_bytes(workspace: Path, root: Path) -> None:
    whole = train_here(workspace, root)
    expected = (workspace / WEIGHTS).read_bytes()
    curves = (workspace / "reports/training/history.csv").read_bytes()
    assert whole["resumed_from"] is None
    assert not list((workspace / "checkpoints").iterdir())
    (workspace / WEIGHTS).unlink()

    kill_after(start(workspace, root, *CPU), 40, workspace)
    assert not (workspace / WEIGHTS).exists()
    resumed = train_here(workspace, root)
    assert isinstance(resumed["resumed_from"], int)
    assert 40 <= resumed["resumed_from"] < 100
    assert (workspace / WEIGHTS).read_bytes() == expected
    assert (workspace / "reports/training/history.csv").read_bytes() == curves
    assert not list((workspace / "checkpoints").iterdir())


def finish(workspace: Path, root: Path, *overrides: str) -> str:
    """Run to the end; waits for workers of a killed launcher, which still hold the lock."""
    for _ in range(20):
        process = start(workspace, root, *overrides)
        output, _ = process.communicate()
        if process.returncode == 0:
            return output
        assert "another process is running this very training" in output, output
        time.sleep(1)
    raise AssertionError("the workers of the killed launcher live on")


def largest_difference(one: Path, other: Path) -> float:
    a, b = load_file(one), load_file(other)
    assert a.keys() == b.keys()
    return max((a[name] - b[name]).abs().max().item() for name in a)


@pytest.mark.slow
@pytest.mark.parametrize("spread", [DDP, FSDP], ids=["ddp", "fsdp"])
def test_two_processes_learn_what_one_learns_also_after_kill_9(
    workspace: Path, root: Path, spread: list[str]
) -> None:
    alone = train_here(workspace, root)
    single = workspace / "single.safetensors"
    (workspace / WEIGHTS).rename(single)

    kill_after(start(workspace, root, *spread), 40, workspace)
    output = finish(workspace, root, *spread)
    assert output.count("trained 100 steps") == 1  # the main process speaks alone
    summary = (workspace / "reports/training/summary.json").read_text()
    assert '"processes": 2' in summary
    assert '"resumed_from": null' not in summary
    assert f"{alone['best_validation_loss']:.4f}" in output
    assert largest_difference(single, workspace / WEIGHTS) < 1e-4
