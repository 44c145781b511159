"""What dvc.lock names: every dependency and output of every stage, with its hash."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from radimpress.runtime.errors import next_step


@dataclass(frozen=True, slots=True)
class Locked:
    """One path of dvc.lock. `md5` ends in ".dir" for a folder; an output is also in the cache."""

    stage: str
    path: str
    md5: str
    is_output: bool

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return self.md5.endswith(".dir")


def read_lock(path: Path) -> list[Locked]:
    """Every path once (an output wins over a dependency on it), in the order of the stages."""
    if not path.is_file():
        raise next_step(f"{path} is missing: the pipeline has not run yet", "run `make pipeline`")
    try:
        lock: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        stages = dict(lock["stages"])
    except (yaml.YAMLError, UnicodeDecodeError, TypeError, KeyError, ValueError) as error:
        raise next_step(
            f"{path} is no lock file of DVC's", "restore it with `git checkout dvc.lock`"
        ) from error
    found: dict[str, Locked] = {}
    for kind, is_output in (("outs", True), ("deps", False)):
        for stage, entry in stages.items():
            for item in entry.get(kind, []):
                if "md5" in item:
                    name = str(item["path"])
                    found.setdefault(name, Locked(stage, name, str(item["md5"]), is_output))
    order = {stage: index for index, stage in enumerate(stages)}
    return sorted(found.values(), key=lambda item: (order[item.stage], item.is_output, item.path))
