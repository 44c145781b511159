"""A working directory with small inputs of a training."""

from pathlib import Path

import pytest

from radimpress.config.load import compose
from radimpress.config.schema import Config


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: splits and foundation that only look like ones."""
    for name in ("train", "validation", "test"):
        path = tmp_path / f"data/splits/{name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    foundation = tmp_path / "models/foundation"
    foundation.mkdir(parents=True)
    for name in ("model.safetensors", "tokenizer.json", "config.json"):
        (foundation / name).write_text(name)
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    return tmp_path


@pytest.fixture
def remote(root: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """The configuration of a rehearsal, in `workspace`."""
    monkeypatch.chdir(workspace)
    return compose(["compute=sagemaker_loopback", "experiment=smoke"], root / "conf")
