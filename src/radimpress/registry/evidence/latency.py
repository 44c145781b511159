"""Seconds a report, one at a time, candidate and champion in turns on the same machine."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb
from statistics import median
from typing import NamedTuple

from radimpress.baselines.system import System
from radimpress.corpus.report import Report
from radimpress.runtime.progress import track

WARM_UP = 2  # reports before the clock starts: first calls allocate and compile


class Ratio(NamedTuple):
    """The median of the candidate's time over the champion's, with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Latency:
    """Median seconds a report; `ratio` is of the same report by both, so it is a paired one."""

    reports: int
    candidate: float
    champion: float | None = None
    ratio: Ratio | None = None


def measure(
    candidate: System,
    champion: System | None,
    reports: Sequence[Report],
    confidence: float,
    clock: Callable[[], float] = time.perf_counter,
) -> Latency:
    """Time both on each of `reports`, who is first alternating, so that a busy moment hits both."""
    systems = [candidate] if champion is None else [candidate, champion]
    seconds: dict[int, list[float]] = {place: [] for place in range(len(systems))}
    asked = [*reports[:WARM_UP], *reports]
    for number, report in enumerate(track(asked, "timing")):
        places = sorted(seconds, reverse=bool(number % 2))
        for place in places:
            started = clock()
            systems[place].generate([report])
            if number >= min(WARM_UP, len(reports)):
                seconds[place].append(clock() - started)
    own = median(seconds[0])
    if champion is None:
        return Latency(len(reports), own)
    ratios = [ours / theirs for ours, theirs in zip(seconds[0], seconds[1], strict=True)]
    return Latency(len(reports), own, median(seconds[1]), ratio_of(ratios, confidence))


def ratio_of(ratios: Sequence[float], confidence: float) -> Ratio:
    """The median and its interval from the order of the values alone, whatever their distribution.

    The k-th smallest and k-th largest bound it, with the largest k for which fewer than k of n fair
    coins fall on one side with probability at most half of 1 - confidence (Conover, "Practical
    Nonparametric Statistics", 1999, section 3.2).
    """
    ordered, n = sorted(ratios), len(ratios)
    rank, tail = 0, 0.0
    while rank < n // 2 and tail + comb(n, rank) / 2**n <= (1 - confidence) / 2:
        tail += comb(n, rank) / 2**n
        rank += 1
    edge = max(rank - 1, 0)
    return Ratio(median(ordered), ordered[edge], ordered[n - 1 - edge])


def spread(reports: Sequence[Report], count: int) -> list[Report]:
    """`count` of the reports, evenly spaced in their order; all where there are fewer."""
    if count >= len(reports):
        return list(reports)
    return [reports[place * len(reports) // count] for place in range(count)]
