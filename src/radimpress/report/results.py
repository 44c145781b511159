"""What the evaluation wrote, read back as typed values: metrics.json and comparisons.json."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from radimpress.metrics.significance import Estimate
from radimpress.runtime.errors import next_step


@dataclass(frozen=True, slots=True)
class Comparison:
    """A paired test of the candidate against one system; `difference` is candidate minus system."""

    difference: float
    low: float
    high: float
    p: float
    wins: int
    ties: int
    losses: int
    n: int


Metrics = Mapping[str, Estimate]
Slices = Mapping[str, Metrics]


@dataclass(frozen=True, slots=True)
class Results:
    """`scores[system][split][slice][metric]`, and `tests[split][system][metric]`."""

    scores: Mapping[str, Mapping[str, Slices]]
    tests: Mapping[str, Mapping[str, Mapping[str, Comparison]]]

    @property
    def splits(self) -> list[str]:
        """Every split that some system was scored on; `test` first, then by name."""
        names = {split for splits in self.scores.values() for split in splits}
        return sorted(names, key=lambda name: (name != "test", name))

    def systems(self, split: str) -> list[str]:
        """The systems scored on `split`, in the order of the file."""
        return [system for system, splits in self.scores.items() if split in splits]

    def slices(self, split: str) -> list[str]:
        """Every slice of `split`, in the order in which the file first names it."""
        named = (self.scores[system][split] for system in self.systems(split))
        return list(dict.fromkeys(name for slices in named for name in slices))

    def estimate(self, system: str, split: str, piece: str, metric: str) -> Estimate | None:
        """One number, or None where the file has none or it is not defined."""
        found = self.scores.get(system, {}).get(split, {}).get(piece, {}).get(metric)
        return found if found is not None and math.isfinite(found.value) else None


def read_results(reports_dir: Path) -> Results:
    """Read metrics.json, and comparisons.json where there is one (a single system has none).

    Raises RadimpressError for a missing, broken or differently laid out file.
    """
    metrics, comparisons = reports_dir / "metrics.json", reports_dir / "comparisons.json"
    with_tests = comparisons.is_file()
    try:
        scores = {
            system: {
                split: {
                    piece: {name: _estimate(value) for name, value in values.items()}
                    for piece, values in slices.items()
                }
                for split, slices in splits.items()
            }
            for system, splits in _load(metrics)["systems"].items()
        }
        tests = {
            split: {
                system: {name: _comparison(value) for name, value in values.items()}
                for system, values in systems.items()
            }
            for split, systems in (_load(comparisons)["splits"] if with_tests else {}).items()
        }
    except (KeyError, AttributeError, TypeError, ValueError) as error:
        raise next_step(
            f"{metrics} or {comparisons.name} has another layout than this version writes",
            "run `dvc repro --force evaluate`",
        ) from error
    return Results(scores, tests)


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object that may be absent: {} then."""
    return _load(path) if path.is_file() else {}


def _load(path: Path) -> dict[str, Any]:
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise next_step(f"{path} is missing", "run `dvc repro`") from error
    except ValueError as error:
        raise next_step(f"{path} is no JSON", "run `dvc repro --force`") from error
    if not isinstance(loaded, dict):
        raise next_step(f"{path} holds no JSON object", "run `dvc repro --force`")
    return loaded


def _estimate(raw: Mapping[str, Any]) -> Estimate:
    value = _number(raw["value"])
    low, high = _number(raw.get("low")), _number(raw.get("high"))
    return Estimate(value, low, high, int(raw["n"]))


def _comparison(raw: Mapping[str, Any]) -> Comparison:
    difference, low, high, p = (_number(raw[name]) for name in ("difference", "low", "high", "p"))
    wins, ties, losses, n = (int(raw[name]) for name in ("wins", "ties", "losses", "n"))
    return Comparison(difference, low, high, p, wins, ties, losses, n)


def _number(raw: float | None) -> float:
    return math.nan if raw is None else float(raw)
