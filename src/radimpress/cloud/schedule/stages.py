"""The stages of dvc.yaml, in their order, and what each takes from those before it."""

from dataclasses import dataclass
from typing import Any

import yaml

from radimpress.cloud.jobs.declaration import ROOT

CHECK = "params"  # refuses a stale params.yaml; compiling composes anew, so it has nothing to do


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage. `takes`: earlier stages whose outs it reads. `about`: dvc.yaml's description."""

    name: str
    about: str
    outs: tuple[str, ...]
    takes: tuple[str, ...]


def read_stages() -> list[Stage]:
    """The stages of this checkout's dvc.yaml, each after those it depends on."""
    plain = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
    made: dict[str, str] = {}  # out: stage
    stages: list[Stage] = []
    waiting = {name: stage for name, stage in plain.items() if name != CHECK}
    while waiting:
        name = next(name for name, stage in waiting.items() if _is_ready(stage, waiting))
        stage = waiting.pop(name)
        outs = _outs(stage)
        made |= dict.fromkeys(outs, name)
        takes = dict.fromkeys(made[dep] for dep in stage["deps"] if dep in made)
        stages.append(Stage(name, stage["desc"], outs, tuple(takes)))
    return stages


def _is_ready(stage: dict[str, Any], waiting: dict[str, Any]) -> bool:
    pending = {out for other in waiting.values() if other is not stage for out in _outs(other)}
    return not pending & set(stage["deps"])


def _outs(stage: dict[str, Any]) -> tuple[str, ...]:
    every = [*stage.get("outs", []), *stage.get("metrics", [])]
    return tuple(one if isinstance(one, str) else next(iter(one)) for one in every)
