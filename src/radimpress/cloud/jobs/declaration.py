"""What dvc.yaml declares of a stage: the code and parameters that decide it, and what it makes.

A job's identity follows DVC's: what makes DVC run a stage again makes it another job.
"""

from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import yaml

from radimpress.config.fingerprint import fingerprint
from radimpress.config.schema import Config
from radimpress.runtime.digests import file_sha256
from radimpress.runtime.errors import next_step

ROOT = Path(__file__).resolve().parents[4]  # the checkout whose code runs, also in DVC's copies
CODE = ("src/", "pipelines/")
IGNORED = {"__pycache__"}


@dataclass(frozen=True, slots=True)
class Declaration:
    """The parts of a stage in dvc.yaml that a job needs to know."""

    stage: str
    code: tuple[str, ...]  # files and folders of the repository
    params: tuple[str, ...]  # dotted names
    outs: tuple[str, ...]

    @property
    def code_sha256(self) -> str:
        """Of the declared code as it stands in this checkout."""
        files = [path for name in self.code for path in source_files(ROOT / name)]
        return fingerprint({p.relative_to(ROOT).as_posix(): file_sha256(p) for p in files})

    def values(self, config: Config) -> dict[str, Any]:
        """The declared parameters, by dotted name."""
        return {name: reduce(getattr, name.split("."), config) for name in self.params}


def declaration(stage: str) -> Declaration:
    """Read `stage` from this checkout's dvc.yaml."""
    path = ROOT / "dvc.yaml"
    if not path.is_file():
        raise next_step(
            f"{ROOT} is no checkout of radimpress: it has no dvc.yaml",
            "run from a clone, with radimpress installed by `make setup`",
        )
    plain = yaml.safe_load(path.read_text(encoding="utf-8"))["stages"][stage]
    return Declaration(
        stage,
        tuple(name for name in plain["deps"] if name.startswith(CODE)),
        tuple(plain["params"]),
        tuple(out if isinstance(out, str) else next(iter(out)) for out in plain["outs"]),
    )


def source_files(path: Path) -> list[Path]:
    """`path` itself, or every file below it but what Python leaves behind; sorted."""
    if path.is_file():
        return [path]
    return sorted(p for p in path.rglob("*") if p.is_file() and not IGNORED & {*p.parts})
