"""metrics.json, comparisons.json and headline.json: stable layouts for DVC, MLflow and the page."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from radimpress.metrics.comparison import Comparison
from radimpress.metrics.score import Scores
from radimpress.metrics.significance import Estimate, Resampling
from radimpress.metrics.slices import ABNORMAL, ALL
from radimpress.runtime.atomic import write_text

DECIMALS = 6  # beyond it digits depend on the order in which a processor adds
HEADLINE = (
    "rougeL",
    "clinical_f1_micro",
    "hallucination_rate",
    "omission_rate",
    "contradiction_rate",
    "side_flip_rate",
)

ByName = Mapping[str, Any]
SystemScores = Mapping[str, Mapping[str, Scores]]
"""Scores by system, then by split."""
SplitTests = Mapping[str, Mapping[str, Mapping[str, Comparison]]]
"""Comparisons by split, system and metric."""


def write_metrics(path: Path, scores: SystemScores) -> None:
    """Write `systems.<system>.<split>.<slice>.<metric>` with value, low, high and n."""
    _write(
        path,
        {
            "systems": {
                system: {split: scored_slices(found) for split, found in splits.items()}
                for system, splits in scores.items()
            }
        },
    )


def write_comparisons(
    path: Path,
    candidate: str,
    tests: SplitTests,
    small: Mapping[str, list[str]],
    resampling: Resampling,
) -> None:
    """Write `splits.<split>.<system>.<metric>`: the candidate minus the system, and the test.

    `small` names by split the slices with too few reports to read more from than an interval.
    """
    _write(
        path,
        {
            "candidate": candidate,
            "method": {
                "test": "paired bootstrap over reports",
                "samples": resampling.samples,
                "confidence": resampling.confidence,
                "seed": resampling.seed,
            },
            "small_slices": small,
            "splits": {
                split: {
                    system: {name: _comparison(it) for name, it in found.items()}
                    for system, found in systems.items()
                }
                for split, systems in tests.items()
            },
        },
    )


def write_headline(path: Path, candidate: Mapping[str, Scores]) -> None:
    """Write `<split>.<metric>` and `<split>.rougeL_abnormal` of the candidate, values alone.

    metrics.json has thousands of numbers; this file keeps the tables of `dvc exp show` narrow.
    """
    content: dict[str, dict[str, float]] = {}
    for split, scores in candidate.items():
        content[split] = _values(scores, ALL)
        if "rougeL" in (abnormal := _values(scores, ABNORMAL)):
            content[split]["rougeL_abnormal"] = abnormal["rougeL"]
    _write(path, content)


def scored_slices(scores: Scores) -> ByName:
    """`<slice>.<metric>` of one system and split, as metrics.json holds it."""
    return {
        piece: {name: _estimate(it) for name, it in found.items()}
        for piece, found in scores.slices.items()
    }


def _values(scores: Scores, piece: str) -> dict[str, float]:
    found = scores.slices.get(piece, {})
    return {name: _round(found[name].value) for name in HEADLINE if name in found}


def _estimate(it: Estimate) -> ByName:
    return {"value": _round(it.value), "low": _round(it.low), "high": _round(it.high), "n": it.n}


def _comparison(it: Comparison) -> ByName:
    return {
        "difference": _round(it.test.difference),
        "low": _round(it.test.low),
        "high": _round(it.test.high),
        "p": _round(it.test.p),
        "wins": it.wins,
        "ties": it.ties,
        "losses": it.losses,
        "n": it.n,
    }


def _round(number: float) -> float:
    return round(number, DECIMALS) + 0.0  # no minus zero


def _write(path: Path, content: ByName) -> None:
    write_text(path, json.dumps(content, indent=1, allow_nan=False) + "\n")
