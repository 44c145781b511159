"""What a training run measured, step by step, and what follows from it: best step, early stop."""

import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from radimpress.runtime.atomic import whole_file

COLUMNS = ("step", "epoch", "train_loss", "validation_loss", "learning_rate")


@dataclass(frozen=True, slots=True)
class LogRecord:
    """One point of the training curves; losses are nats a target token.

    `train_loss` is the mean over the steps since the record before; `validation_loss` stands only
    where validation was due. `tokens_per_second` counts source and target tokens without padding,
    over all processes.
    """

    step: int
    epoch: float
    train_loss: float | None = None
    validation_loss: float | None = None
    learning_rate: float | None = None
    tokens_per_second: float | None = None


def validations(history: Iterable[LogRecord]) -> list[LogRecord]:
    """The records that hold a validation loss."""
    return [record for record in history if record.validation_loss is not None]


def best(history: Iterable[LogRecord]) -> LogRecord | None:
    """The record with the lowest validation loss, the first of equals."""
    found = validations(history)
    return min(found, key=validation_loss, default=None)


def patience_is_over(history: Sequence[LogRecord], patience: int) -> bool:
    """Whether the last `patience` validations were all no better than one before them."""
    found = validations(history)
    top = best(found)
    return top is not None and len(found) - 1 - found.index(top) >= patience


def milestones(steps: int, evaluations: int) -> frozenset[int]:
    """The steps after which validation is due: spread evenly, the last step among them."""
    return frozenset(max(1, round(steps * i / evaluations)) for i in range(1, evaluations + 1))


def write_history(path: Path, history: Iterable[LogRecord]) -> None:
    """Write the curves as CSV with the columns `COLUMNS`; a blank is a value not measured."""
    with whole_file(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for record in history:
            values = (getattr(record, column) for column in COLUMNS)
            writer.writerow("" if value is None else f"{value:.10g}" for value in values)


def validation_loss(record: LogRecord) -> float:
    """The validation loss, infinite where none was measured."""
    return math.inf if record.validation_loss is None else record.validation_loss
