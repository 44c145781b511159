"""A working directory with real, small inputs of a training."""

import random
import shutil
from pathlib import Path

import pytest

from radimpress.config.load import compose
from radimpress.config.schema import Config
from radimpress.corpus.report import Report, write_reports

OVERRIDES = [
    *("compute=sagemaker_loopback", "experiment=smoke", "training.max_steps=4"),
    *("training.evaluations=2", "tracking.experiment=sweeps"),
]


def invented(count: int, seed: int) -> list[Report]:
    dice, parts = random.Random(seed), ("heart", "lungs", "pleura", "spine")
    reports = []
    for number in range(count):
        words = [f"{dice.choice(parts)} {dice.choice(('normal', 'clear'))}." for _ in range(4)]
        study = f"s{seed}{number:03}"
        reports.append(Report(study, study, "invented", "", " ".join(words), words[0]))
    return reports


@pytest.fixture
def trainable(
    root: Path, tmp_path: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Config:
    """The configuration of a rehearsal, in a working directory that can be trained in."""
    for name, count, seed in (("train", 40, 1), ("validation", 8, 2)):
        write_reports(tmp_path / f"data/splits/{name}.parquet", invented(count, seed))
    shutil.copytree(model_folder, tmp_path / "models/foundation")
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.chdir(tmp_path)
    return compose(OVERRIDES, root / "conf")


@pytest.fixture
def overrides() -> list[str]:
    """What `trainable` was composed of."""
    return list(OVERRIDES)
