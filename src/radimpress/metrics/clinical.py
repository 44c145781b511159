"""Clinical metrics of many reports: per-report columns and counts that a bootstrap can resample."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from radimpress.metrics.factuality import Factuality, assess
from radimpress.metrics.labels.labeller import label
from radimpress.metrics.labels.observations import Observation

Array = NDArray[np.float64]

RATES = {
    "hallucination_rate": "hallucinated",
    "omission_rate": "omitted",
    "contradiction_rate": "contradicted",
    "side_flip_rate": "side_flipped",
    "invented_number_rate": "invented_numbers",
    "unfounded_comparison_rate": "unfounded_comparisons",
}
"""Metric to field of `Factuality`: per report 1 where the field holds anything, else 0."""

COUNTS = ("true_positives", "false_positives", "false_negatives")
"""The second axis of the count array."""

_COLUMN = {observation: column for column, observation in enumerate(Observation)}


@dataclass(frozen=True, slots=True)
class ClinicalTable:
    """Everything about the predictions of one system, one row a report.

    `rates`: an array of 0.0 and 1.0 of shape (reports,) for each name of `RATES`. `counts`: shape
    (reports, 3, 14), axes `COUNTS` and `Observation`, of prediction against reference. Sums of it
    over reports, also weighted or resampled ones, go into `f1_micro` and `f1_macro`.
    """

    rates: dict[str, Array]
    counts: Array
    factuality: tuple[Factuality, ...]


def table(
    findings: Sequence[str],
    backgrounds: Sequence[str],
    references: Sequence[str],
    predictions: Sequence[str],
) -> ClinicalTable:
    """Assess every prediction. Raises ValueError where the sequences differ in length."""
    found = tuple(
        assess(*texts) for texts in zip(findings, backgrounds, references, predictions, strict=True)
    )
    rates = {
        name: np.array([float(bool(getattr(each, errors))) for each in found])
        for name, errors in RATES.items()
    }
    return ClinicalTable(rates, _counts(found), found)


def f1_micro(counts: Array) -> Array:
    """F1 of the counts of all observations together.

    `counts` are sums over reports, shape (..., 3, 14); the result has shape (...), in [0, 1], and
    is NaN where nothing is asserted on either side. F1 = 2 TP / (2 TP + FP + FN).
    """
    return _f1(np.asarray(counts, dtype=np.float64).sum(axis=-1))


def f1_macro(counts: Array) -> Array:
    """The mean F1 of the observations that prediction or reference assert at least once.

    Shapes as `f1_micro`.
    """
    each = f1_by_observation(counts)
    defined = np.isfinite(each)
    sums = np.where(defined, each, 0.0).sum(axis=-1)
    number = defined.sum(axis=-1)
    return np.divide(sums, number, out=np.full(sums.shape, np.nan), where=number > 0)


def f1_by_observation(counts: Array) -> Array:
    """F1 of each observation, shape (..., 14), NaN where nobody asserts it."""
    return _f1(np.moveaxis(np.asarray(counts, dtype=np.float64), -1, -2))


def asserted_observations(text: str) -> frozenset[str]:
    """Names of what a text states as present or possible ("No Finding" among them)."""
    return frozenset(each.value for each, found in label(text).items() if found.asserted)


def _counts(found: Sequence[Factuality]) -> Array:
    counts = np.zeros((len(found), len(COUNTS), len(Observation)))
    for row, each in enumerate(found):
        for kind, observations in enumerate((each.matched, each.extra, each.missed)):
            counts[row, kind, [_COLUMN[o] for o in observations]] = 1.0
    return counts


def _f1(counts: Array) -> Array:
    """F1 of counts whose last axis is `COUNTS`."""
    hits, extra, missed = counts[..., 0], counts[..., 1], counts[..., 2]
    total = 2 * hits + extra + missed
    return np.divide(2 * hits, total, out=np.full(total.shape, np.nan), where=total > 0)
