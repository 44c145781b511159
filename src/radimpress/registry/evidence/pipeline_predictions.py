"""What the pipeline has already generated, where dvc.lock says that it is of these very bytes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from radimpress.corpus.report import Prediction, read_predictions
from radimpress.health.hashing import tree, tree_md5
from radimpress.modeling.recipe import Decoding
from radimpress.modeling.reference import model_sha256
from radimpress.registry.registration.records import Workspace
from radimpress.runtime.digests import file_md5

# Another system's model, and times that differ from run to run.
ELSEWHERE = ("models/foundation", "reports/timing")


class PipelinePredictions:
    """The outputs of stage `generate`, usable where its inputs and outputs are as locked."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._stage = _locked(workspace.root / "dvc.lock", "generate")
        self._sound = bool(self._stage) and all(
            _agrees(workspace.root / item["path"], str(item.get("md5", "")))
            for item in (*self._stage.get("deps", ()), *self._stage.get("outs", ()))
            if item["path"] not in ELSEWHERE
        )
        folder = workspace.finetuned
        self._model = model_sha256(folder) if self._sound and folder.is_dir() else ""

    def of_baseline(self, name: str, split: str) -> list[Prediction] | None:
        """What the baseline wrote, or None where the pipeline's are not to be used."""
        return self._read(name, split) if self._sound else None

    def of_model(self, sha256: str, decoding: Decoding, split: str) -> list[Prediction] | None:
        """What the fine-tuned model wrote, where it is this one and was asked in this way."""
        if not self._sound or sha256 != self._model or self._decoding() != decoding:
            return None
        return self._read("finetuned", split)

    def _read(self, system: str, split: str) -> list[Prediction] | None:
        path = self._workspace.reports / "predictions" / system / f"{split}.parquet"
        return read_predictions(path) if path.is_file() else None

    def _decoding(self) -> Decoding | None:
        settings = self._stage.get("params", {}).get("params.yaml", {}).get("generation", {})
        names = Decoding.__dataclass_fields__
        try:
            return Decoding(**{name: settings[name] for name in names})
        except KeyError:
            return None


def _locked(lock: Path, stage: str) -> Mapping[str, Any]:
    try:
        found: Any = yaml.safe_load(lock.read_text(encoding="utf-8"))["stages"][stage]
    except (OSError, yaml.YAMLError, UnicodeDecodeError, TypeError, KeyError):
        return {}
    return found if isinstance(found, dict) else {}


def _agrees(path: Path, md5: str) -> bool:
    if path.is_dir():
        return tree_md5(tree(path, _by_python)) == md5
    return path.is_file() and file_md5(path) == md5


def _by_python(path: Path) -> bool:
    """What .dvcignore leaves out."""
    return path.name.startswith("__pycache__") or path.suffix == ".pyc"
