"""The paired test of two systems on the same reports, metric by metric."""

from dataclasses import dataclass

import numpy as np

from radimpress.metrics.catalogue import METRICS, Better, Columns, Metric
from radimpress.metrics.resamples import resample
from radimpress.metrics.significance import PairedTest, Resampling, tested


@dataclass(frozen=True, slots=True)
class Comparison:
    """Left against right: the test, and on how many of `n` reports left was better or worse.

    A report on which the metric says nothing of one of the two counts as a tie.
    """

    test: PairedTest
    wins: int
    ties: int
    losses: int
    n: int


def compare(left: Columns, right: Columns, resampling: Resampling) -> dict[str, Comparison]:
    """Compare every metric that has a better way and a value on both sides.

    The columns of both sides describe the same reports in the same order; the caller sees to that.
    """
    metrics = [
        metric
        for metric in METRICS
        if metric.better is not Better.neither
        and all(name in left and name in right for name in metric.columns)
    ]
    ours, theirs = resample(left, metrics, resampling), resample(right, metrics, resampling)
    found: dict[str, Comparison] = {}
    for metric in metrics:
        observed = ours.value(metric) - theirs.value(metric)
        if np.isfinite(observed):
            draws = ours.drawn(metric) - theirs.drawn(metric)
            test = tested(observed, draws, resampling.confidence)
            found[metric.name] = Comparison(test, *_counts(metric, left, right))
    return found


def _counts(metric: Metric, left: Columns, right: Columns) -> tuple[int, int, int, int]:
    sign = 1 if metric.better is Better.higher else -1
    gain = sign * (metric.per_report(left) - metric.per_report(right))
    wins, losses = int((gain > 0).sum()), int((gain < 0).sum())
    return wins, len(gain) - wins - losses, losses, len(gain)
