"""How sure a number is: bootstrap intervals and paired bootstrap tests over reports.

Everything is resampled as sums. A metric is a function of column sums over reports (a mean is
sum / count, micro F1 is a ratio of summed counts), so a resample is a row of multinomial weights
and all resamples of all columns are one matrix product. Sources: Efron and Tibshirani, "An
Introduction to the Bootstrap", 1993, chapters 13 and 16; Koehn, "Statistical significance tests for
machine translation evaluation", EMNLP 2004; Berg-Kirkpatrick, Burkett and Klein, "An empirical
investigation of statistical significance in NLP", EMNLP 2012.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from radimpress.metrics.draws import DRAWS, Draw

Array: TypeAlias = NDArray[np.float64]
Statistic: TypeAlias = Callable[[Array], Array]
"""From sums of shape (..., columns) to values of shape (...); NaN where it is not defined."""

ROUNDING = 1e-12  # the same sum reached in another order is no difference


@dataclass(frozen=True, slots=True)
class Resampling:
    """How often, how surely, from which seed; equal settings draw equal resamples."""

    samples: int = 2000
    confidence: float = 0.95
    seed: int = 17


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its percentile interval, from `n` reports."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class PairedTest:
    """Left minus right on the same reports, its interval, and the two-sided p of no difference."""

    difference: float
    low: float
    high: float
    p: float


def ratio(sums: Array) -> Array:
    """The statistic of columns (numerator, denominator), NaN over zero; with ones, a mean."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(sums[..., 1] == 0, np.nan, sums[..., 0] / sums[..., 1])


def resampled_sums(columns: Array, resampling: Resampling) -> Array:
    """Column sums of each resample: (reports, columns) to (samples, columns).

    The draws depend on the seed, the number of samples and the number of reports alone, so two
    systems on the same reports get the same resamples: that is what makes a comparison paired.
    """
    draw = Draw(resampling.seed, resampling.samples, len(columns))
    out = np.empty((resampling.samples, columns.shape[1]))
    # More threads gain little on so thin a product, and spin while they wait for a busy core.
    with _libraries().limit(limits=1, user_api="blas"):
        for rows, counts in DRAWS.blocks(draw):
            out[rows] = counts.astype(np.float64) @ columns
    return out


@cache
def _libraries() -> ThreadpoolController:
    """Those with threads; numpy's is loaded by now."""
    return ThreadpoolController()


def bootstrap_interval(columns: Array, statistic: Statistic, resampling: Resampling) -> Estimate:
    """The statistic of the reports and its percentile interval; `columns` is (reports, columns)."""
    value = statistic(columns.sum(axis=0))
    draws = statistic(resampled_sums(columns, resampling))
    return estimate(float(value), draws, len(columns), resampling.confidence)


def estimate(value: float, draws: Array, n: int, confidence: float) -> Estimate:
    """The percentile interval of `draws` around `value`.

    Draws without a value (NaN: a resample with an empty denominator) are left out. The interval is
    widened to hold the value where resampling is biased away from it (macro F1 of a few reports).
    """
    low, high = _percentiles(draws, confidence)
    return Estimate(value, float(np.fmin(low, value)), float(np.fmax(high, value)), n)


def with_exact_bounds(share: Estimate, confidence: float) -> Estimate:
    """The estimate of a share of reports, with a bound where none or all of them have it.

    Resamples of equal reports are all equal, and "0% [0%, 0%]" of 50 reports would claim too much.
    Clopper and Pearson, Biometrika 1934: none of n gives an upper bound of 1 - (alpha / 2)^(1 / n).
    """
    margin = 1 - float(((1 - confidence) / 2) ** (1 / share.n))
    if share.value == 0:
        return replace(share, high=margin)
    if share.value == 1:
        return replace(share, low=1 - margin)
    return share


def paired_test(
    left: Array, right: Array, statistic: Statistic, resampling: Resampling
) -> PairedTest:
    """Test left against right on the same reports; both are (reports, columns), row by row.

    Raises ValueError where they differ in shape.
    """
    if left.shape != right.shape:
        raise ValueError(f"paired systems need equal shapes, not {left.shape} and {right.shape}")
    observed = float(statistic(left.sum(axis=0)) - statistic(right.sum(axis=0)))
    draws = statistic(resampled_sums(left, resampling)) - statistic(
        resampled_sums(right, resampling)
    )
    return tested(observed, draws, resampling.confidence)


def tested(observed: float, draws: Array, confidence: float) -> PairedTest:
    """Interval and p of an observed difference from its resamples.

    The resamples are moved by the observed difference, as Berg-Kirkpatrick et al. do, so that they
    lie around zero; p is the share at least as far from zero as what was observed, the observation
    counted among them: (k + 1) / (samples + 1). It is never 0, and a system against itself has 1.
    """
    low, high = _percentiles(draws, confidence)
    defined = draws[~np.isnan(draws)]
    extreme = int((np.abs(defined - observed) >= abs(observed) - ROUNDING).sum())
    p = (extreme + 1) / (len(defined) + 1)
    return PairedTest(observed, float(np.fmin(low, observed)), float(np.fmax(high, observed)), p)


def _percentiles(draws: Array, confidence: float) -> tuple[float, float]:
    defined = draws[~np.isnan(draws)]
    if not len(defined):
        return float("nan"), float("nan")
    tail = (1 - confidence) / 2
    low, high = np.quantile(defined, [tail, 1 - tail])
    return float(low), float(high)
