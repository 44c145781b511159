"""reports/plots: small CSV files that `dvc plots` draws and `dvc plots diff` compares."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from radimpress.metrics.score import Scores
from radimpress.metrics.slices import ALL
from radimpress.report.metrics_file import HEADLINE, SystemScores
from radimpress.runtime.atomic import whole_folder

BY_SLICE = ("rougeL", "clinical_f1_micro")


def write_plots(folder: Path, scores: SystemScores, candidate: str) -> None:
    """Write `systems.csv` (every system on all reports) and `slices.csv` (the candidate)."""
    with whole_folder(folder) as temporary:
        _write(temporary / "systems.csv", ("system", *HEADLINE), _systems(scores))
        _write(temporary / "slices.csv", ("slice", "n", *BY_SLICE), _slices(scores[candidate]))


def _systems(scores: SystemScores) -> Iterator[list[str]]:
    for system, splits in scores.items():
        for split, found in splits.items():
            yield [_named(system, split), *_values(found, ALL, HEADLINE)]


def _slices(splits: Mapping[str, Scores]) -> Iterator[list[str]]:
    for split, scores in splits.items():
        for piece, found in scores.slices.items():
            size = str(max(estimate.n for estimate in found.values()))
            yield [_named(piece, split), size, *_values(scores, piece, BY_SLICE)]


def _values(scores: Scores, piece: str, metrics: tuple[str, ...]) -> list[str]:
    found = scores.slices[piece]
    return [f"{found[name].value:.6f}" if name in found else "" for name in metrics]


def _named(name: str, split: str) -> str:
    """The main test set goes without saying."""
    return name if split == "test" else f"{name} on {split.removeprefix('test_')}"


def _write(path: Path, header: tuple[str, ...], rows: Iterator[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
