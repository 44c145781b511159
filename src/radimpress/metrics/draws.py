"""How often each report stands in each resample, drawn once for all systems on the same reports."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Counts: TypeAlias = NDArray[np.uint8]
"""Shape (samples, reports). A report is drawn once on average and never 256 times."""

CELLS = 400_000  # counts drawn or multiplied at once: what a processor's cache holds
KEPT = 64 << 20  # bytes of counts kept; what is larger is drawn again each time, in this memory


@dataclass(frozen=True, slots=True)
class Draw:
    """What decides a drawing."""

    seed: int
    samples: int
    reports: int

    @property
    def blocks(self) -> Iterator[slice]:
        """The resamples, a block that fits CELLS at a time."""
        rows = max(1, CELLS // max(self.reports, 1))
        return (
            slice(start, min(start + rows, self.samples)) for start in range(0, self.samples, rows)
        )


class Kept:
    """Drawings by what decides them; the ones least recently asked for give way."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._counts: OrderedDict[Draw, Counts] = OrderedDict()

    def blocks(self, draw: Draw) -> Iterator[tuple[slice, Counts]]:
        """Blocks of resamples with their counts, drawn or remembered."""
        if draw in self._counts:
            self._counts.move_to_end(draw)
        elif draw.samples * draw.reports <= self._limit:
            self._keep(draw)
        else:
            yield from _drawn(draw)
            return
        counts = self._counts[draw]
        for rows in draw.blocks:
            yield rows, counts[rows]

    def _keep(self, draw: Draw) -> None:
        counts = np.empty((draw.samples, draw.reports), dtype=np.uint8)
        for rows, part in _drawn(draw):
            counts[rows] = part
        self._counts[draw] = counts
        while sum(each.nbytes for each in self._counts.values()) > self._limit:
            self._counts.popitem(last=False)


def _drawn(draw: Draw) -> Iterator[tuple[slice, Counts]]:
    generator = np.random.default_rng([draw.seed, draw.reports])
    for rows in draw.blocks:
        count = rows.stop - rows.start
        places = generator.integers(0, draw.reports, size=(count, draw.reports))
        places += np.arange(count)[:, None] * draw.reports
        flat = np.bincount(places.ravel(), minlength=count * draw.reports)
        yield rows, flat.astype(np.uint8).reshape(count, draw.reports)


DRAWS = Kept(KEPT)
