"""In the job of a trial: the tuner's values into params.yaml, and its score into the log.

The program of a job imports this before anything is installed: standard library only, at first.
"""

import json
from pathlib import Path
from typing import Any

METRIC = "val:best_loss"
MARK = "radimpress-objective "
PATTERN = rf"{MARK}([-+0-9.eE]+)"
SUMMARY = Path("reports/training/summary.json")


def read_hyperparameters(path: Path) -> dict[str, str]:
    """The swept values in SageMaker's hyperparameters.json: those with a dotted name.

    The others (`sagemaker_program`, `_tuning_objective_metric`) are for SageMaker's own toolkit.
    """
    if not path.is_file():
        return {}
    plain = json.loads(path.read_text(encoding="utf-8"))
    return {name: str(value) for name, value in plain.items() if "." in name}


def read_value(text: str) -> Any:
    """A value as Hydra writes it: a number, true, false, null, else the word itself."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def apply(values: dict[str, str], params: Path) -> None:
    """Put swept values into the params.yaml that the stage will read, and check there."""
    import yaml

    plain = yaml.safe_load(params.read_text(encoding="utf-8"))
    for name, value in sorted(values.items()):
        *parents, last = name.split(".")
        section = plain
        for parent in parents:
            section = section[parent]
        section[last] = read_value(value)
    params.write_text(yaml.safe_dump(plain, sort_keys=False), encoding="utf-8")


def objective_line(work: Path) -> str:
    """The line by which SageMaker learns the score: the loss of the checkpoint that was kept.

    A metric of every validation would not do: a tuner takes its last value, not its best.
    """
    summary = json.loads((work / SUMMARY).read_text(encoding="utf-8"))
    return f"{MARK}{summary['best_validation_loss']:.8g}"
