"""Progress with an ETA: a bar on a terminal, a line every few seconds elsewhere."""

import sys
import time
from collections.abc import Iterable, Iterator, Sized
from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

Item = TypeVar("Item")
SECONDS_BETWEEN_LINES = 10.0


class Meter:
    """Counts work done against a total; `total` may be None where it is not known."""

    def __init__(self, description: str, total: int | None = None) -> None:
        self.description, self.total, self.done, self.note = description, total, 0, ""
        self._started = self._last_line = time.monotonic()
        self._bar = _bar() if sys.stderr.isatty() else None
        self._task = self._bar.add_task(description, total=total, note="") if self._bar else None

    def __enter__(self) -> "Meter":
        if self._bar:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.stop()

    def advance(self, amount: int = 1, note: str | None = None) -> None:
        """Count `amount` more items; `note` stands behind the bar (a loss, never report text)."""
        self.done += amount
        self.note = self.note if note is None else note
        if self._bar and self._task is not None:
            self._bar.update(self._task, completed=self.done, note=self.note)
            return
        now = time.monotonic()
        if now - self._last_line >= SECONDS_BETWEEN_LINES:
            self._last_line = now
            print(self.line(now), file=sys.stderr, flush=True)

    def line(self, now: float) -> str:
        """One plain line: what, how far, how long, how much longer."""
        spent = now - self._started
        text = f"{self.description}: {self.done:,}"
        if self.total:
            text += f"/{self.total:,} ({self.done / self.total:.0%}), {spent:.0f} s"
            if self.done:
                text += f", ETA {spent / self.done * (self.total - self.done):.0f} s"
        else:
            text += f", {spent:.0f} s"
        return f"{text} {self.note}".rstrip()


def track(items: Iterable[Item], description: str, total: int | None = None) -> Iterator[Item]:
    """Iterate with a meter; `total` defaults to `len(items)` where there is one."""
    if total is None and isinstance(items, Sized):
        total = len(items)
    with Meter(description, total) as meter:
        for item in items:
            yield item
            meter.advance()


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("ETA"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
        console=Console(stderr=True),
    )
