"""The training history, and the geometry of its chart."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from radimpress.report.axes import Axis, Tick, axis_over
from radimpress.runtime.errors import next_step


@dataclass(frozen=True, slots=True)
class LossPoint:
    """A loss at an optimizer step."""

    step: int
    loss: float


@dataclass(frozen=True, slots=True)
class History:
    """Losses by step, in nats a token."""

    train: tuple[LossPoint, ...]
    validation: tuple[LossPoint, ...]


@dataclass(frozen=True, slots=True)
class Dot:
    """A validation: position in per cent, and its text."""

    x: float
    y: float
    text: str
    best: bool


@dataclass(frozen=True, slots=True)
class CurveChart:
    """`train_path` and `validation_path` are drawn in a box of 100 by 100."""

    description: str
    train_path: str
    validation_path: str
    dots: tuple[Dot, ...]
    steps: tuple[Tick, ...]
    losses: tuple[Tick, ...]


def read_history(path: Path) -> History | None:
    """Read training/history.csv; None where there is none or it holds no loss.

    Blanks are allowed: a row logs a training loss, a validation loss or both.
    """
    if not path.is_file():
        return None
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream, restval=""))
        history = History(_losses(rows, "train_loss"), _losses(rows, "validation_loss"))
    except (KeyError, ValueError) as error:
        raise next_step(
            f"{path} is no training history", "run `dvc repro --force train`"
        ) from error
    return history if history.train or history.validation else None


def curve_chart(history: History, best_step: int | None) -> CurveChart:
    """Lay out both losses over the steps; the step whose weights were kept is marked."""
    points = [*history.train, *history.validation]
    last = float(max(point.step for point in points))
    across = replace(axis_over([0.0, last], floor=0.0), high=max(last, 1.0))
    down = axis_over([point.loss for point in points], floor=0.0, ticks=4)
    dots = tuple(
        Dot(
            across.place(point.step),
            _from_top(down, point.loss),
            f"Step {point.step:,}: validation loss {point.loss:.3f}",
            point.step == best_step,
        )
        for point in history.validation
    )
    losses = tuple(Tick(round(100 - tick.at, 2), tick.label) for tick in down.ticks())
    return CurveChart(
        _describe(history, best_step),
        _path(across, down, history.train),
        _path(across, down, history.validation),
        dots,
        tuple(across.ticks()),
        losses,
    )


def _losses(rows: Sequence[dict[str, str]], column: str) -> tuple[LossPoint, ...]:
    logged = [(row["step"], row[column]) for row in rows if row[column].strip()]
    return tuple(LossPoint(int(float(step)), float(loss)) for step, loss in logged)


def _path(across: Axis, down: Axis, points: Sequence[LossPoint]) -> str:
    places = [f"{across.place(p.step):g} {_from_top(down, p.loss):g}" for p in points]
    return f"M{' L'.join(places)}" if places else ""


def _from_top(down: Axis, loss: float) -> float:
    return round(100 - down.place(loss), 2)


def _describe(history: History, best_step: int | None) -> str:
    parts = []
    for name, points in (("Training", history.train), ("Validation", history.validation)):
        if points:
            first, last = points[0], points[-1]
            parts.append(
                f"{name} loss goes from {first.loss:.3f} at step {first.step:,}"
                f" to {last.loss:.3f} at step {last.step:,}."
            )
    if best_step is not None:
        parts.append(f"The weights of step {best_step:,} were kept.")
    return " ".join(parts)
