"""Where stores live, so that they survive DVC's temporary copies of the repository.

`dvc exp run --queue` and `--temp` run a stage in `.dvc/tmp/exps/...`; `DVC_ROOT` then names the
parent repository. Data and models are addressed from the working directory (the copy), stores that
outlive a run (MLflow, checkpoints) from the root.
"""

import os
from pathlib import Path


def repository_root(start: Path | None = None) -> Path:
    """The repository that stores belong to: `DVC_ROOT`, else the nearest folder with a dvc.yaml.

    Falls back to `start` (the working directory) where no parent holds a dvc.yaml.
    """
    if named := os.environ.get("DVC_ROOT"):
        return Path(named).resolve()
    here = (start or Path.cwd()).resolve()
    return next((p for p in (here, *here.parents) if (p / "dvc.yaml").is_file()), here)


def checkpoints_root() -> Path:
    """`<root>/checkpoints`: one folder a training fingerprint, removed on success."""
    return repository_root() / "checkpoints"


def mlruns_root() -> Path:
    """`<root>/mlruns`: the local MLflow store and its artifacts."""
    return repository_root() / "mlruns"
