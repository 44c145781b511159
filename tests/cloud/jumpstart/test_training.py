"""JumpStart's route on the loopback: AWS's SDK reads a catalogue of ours, a real job runs."""

import json
import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from radimpress.cloud.jobs.remote_stage import run_stage_remotely
from radimpress.cloud.jumpstart.training import jumpstart_identity
from radimpress.config.load import compose
from radimpress.config.schema import Config
from radimpress.corpus.report import Report, write_reports
from radimpress.modeling.recipe import read_recipe
from radimpress.runtime.errors import RadimpressError

if TYPE_CHECKING:
    from loopback.server import Loopback

MODEL = "huggingface-text2text-flan-t5-xl"
OVERRIDES = [
    *("experiment=jumpstart", "data=synthetic", "compute.job.instance_type=ml.m5.large"),
    *("compute.processes=1", "compute.strategy=single", "compute.device=cpu"),
    *("compute.job.max_hours=99", "model=t5_tiny", "model.name=t5_tiny_jumpstart"),
]


@pytest.fixture
def trainable(
    root: Path, tmp_path: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Config:
    dice = random.Random(1)
    reports = [
        Report(f"s{n}", f"s{n}", "invented", "", f"Heart {dice.random()}.", "Heart.")
        for n in range(5)
    ]
    write_reports(tmp_path / "data/splits/train.parquet", reports)
    write_reports(tmp_path / "data/splits/validation.parquet", reports[:1])
    shutil.copytree(model_folder, tmp_path / "models/foundation")
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return compose(OVERRIDES, root / "conf")


@pytest.mark.rehearsal
@pytest.mark.slow
def test_jumpstart_trains_on_our_prompt_and_its_model_comes_back(
    trainable: Config, loopback: "Loopback", model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from loopback.jumpstart import offer

    offer(loopback, MODEL, model_folder)
    run_stage_remotely(trainable, "train")
    recipe = read_recipe(Path("models/finetuned"))
    assert recipe.model == "t5_tiny_jumpstart"
    assert recipe.base == f"{MODEL} by JumpStart"
    mine, theirs = Path("models/finetuned/model.safetensors"), model_folder / "model.safetensors"
    assert mine.read_bytes() == theirs.read_bytes()
    assert (
        json.loads(Path("reports/training/summary.json").read_text())["trained_by"] == "jumpstart"
    )

    (name,) = loopback.training.all
    job = loopback.training.all[name].request
    assert json.loads(job["HyperParameters"]["epochs"]) in (3, "3")
    assert json.loads(job["HyperParameters"]["batch_size"]) in (64, "64")

    run_stage_remotely(trainable, "train")
    assert loopback.calls["sagemaker:CreateTrainingJob"] == 1


def test_a_model_that_does_not_say_so_is_refused(trainable: Config, root: Path) -> None:
    plain = compose([*OVERRIDES[:-1], "model.name=t5_tiny"], root / "conf")
    with pytest.raises(RadimpressError, match="does not say so"):
        run_stage_remotely(plain, "train")


def test_the_reference_works_machine_is_refused_with_the_notice(
    trainable: Config, root: Path, loopback: "Loopback"
) -> None:
    with pytest.raises(RadimpressError, match="AWS asked to leave P3"):
        run_stage_remotely(compose(["experiment=jumpstart"], root / "conf"), "train")


def test_the_template_makes_another_job(trainable: Config, root: Path) -> None:
    without = compose([*OVERRIDES, "compute.job.jumpstart_template=false"], root / "conf")
    assert jumpstart_identity(trainable).key != jumpstart_identity(without).key
    assert jumpstart_identity(trainable).prefix.startswith("radimpress-jumpstart-")
