"""Every metric: which columns it sums over reports, and what it makes of the sums."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

import numpy as np

from radimpress.metrics.clinical import COUNTS, RATES, ClinicalTable, f1_macro, f1_micro
from radimpress.metrics.labels.observations import Observation
from radimpress.metrics.rouge import TYPES
from radimpress.metrics.significance import Array, Statistic, ratio

Columns: TypeAlias = Mapping[str, Array]
"""Numbers per report by name, each of shape (reports,)."""

ONE = "reports"  # the column of ones that turns a sum into a mean


class Better(Enum):
    """Which way a metric improves."""

    higher = "higher"
    lower = "lower"
    neither = "neither"


@dataclass(frozen=True, slots=True)
class Metric:
    """`statistic` of the sums of `columns`; `everywhere`: scored in every slice.

    The others are scored where a reader looks for detail: in all, normal and abnormal. `share`: it
    is the share of reports with an error that any report might have had.
    """

    name: str
    columns: tuple[str, ...]
    statistic: Statistic
    better: Better
    everywhere: bool = False
    share: bool = False

    def table(self, columns: Columns) -> Array:
        """The columns this metric sums, of shape (reports, its columns)."""
        return np.column_stack([columns[name] for name in self.columns])

    def per_report(self, columns: Columns) -> Array:
        """The metric of each report alone, shape (reports,); NaN where it says nothing of one."""
        return self.statistic(self.table(columns))


def _mean(name: str, better: Better, everywhere: bool = False, share: bool = False) -> Metric:
    return Metric(name, (name, ONE), ratio, better, everywhere, share)


ROUGE = tuple(
    _mean(f"{kind}{part}{suffix}", Better.higher, everywhere=not part and not suffix)
    for suffix in ("", "_stem")
    for part in ("", "_precision", "_recall")
    for kind in TYPES
)
TALLY = tuple(
    f"{kind}_{observation.name.lower()}" for kind in COUNTS for observation in Observation
)
"""Columns of the clinical counts, three times fourteen."""


def clinical_columns(table: ClinicalTable) -> dict[str, Array]:
    """The columns of the clinical metrics."""
    counts = table.counts.reshape(len(table.counts), len(TALLY))
    return table.rates | {name: counts[:, index] for index, name in enumerate(TALLY)}


def _of_counts(f1: Statistic) -> Statistic:
    return lambda sums: f1(sums.reshape(*sums.shape[:-1], len(COUNTS), len(Observation)))


CLINICAL = (
    Metric("clinical_f1_micro", TALLY, _of_counts(f1_micro), Better.higher, everywhere=True),
    Metric("clinical_f1_macro", TALLY, _of_counts(f1_macro), Better.higher),
    *(_mean(name, Better.lower, everywhere=True, share=True) for name in RATES),
)
SURFACE = (
    Metric("length_ratio", ("prediction_words", "reference_words"), ratio, Better.neither, True),
    _mean("truncation_rate", Better.lower, share=True),
    _mean("identical_output_rate", Better.neither),
)
METRICS: tuple[Metric, ...] = (*ROUGE, *CLINICAL, *SURFACE)
BY_NAME = {metric.name: metric for metric in METRICS}
