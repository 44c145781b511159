"""Many metrics of the same reports, from one drawing of the resamples."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from radimpress.metrics.catalogue import ONE, Columns, Metric
from radimpress.metrics.significance import Array, Resampling, resampled_sums


@dataclass(frozen=True, slots=True)
class Resamples:
    """Sums of named columns: `total` over `n` reports, `draws` (samples, names) over resamples."""

    place: dict[str, int]
    total: Array
    draws: Array
    n: int

    def value(self, metric: Metric) -> float:
        """The metric of all reports; NaN where it is not defined."""
        return float(metric.statistic(self.total[self._chosen(metric)]))

    def drawn(self, metric: Metric) -> Array:
        """The metric of each resample, shape (samples,)."""
        return metric.statistic(self.draws[:, self._chosen(metric)])

    def _chosen(self, metric: Metric) -> list[int]:
        return [self.place[name] for name in metric.columns]


def resample(columns: Columns, metrics: Iterable[Metric], resampling: Resampling) -> Resamples:
    """Draw once what all `metrics` sum; equal settings and as many reports draw the same."""
    names = sorted({name for metric in metrics for name in metric.columns} - {ONE})
    table = np.column_stack([columns[ONE], *(columns[name] for name in names)])
    place = {ONE: 0} | {name: index for index, name in enumerate(names, start=1)}
    return Resamples(place, table.sum(axis=0), resampled_sums(table, resampling), len(table))
