"""Confidence intervals of five systems and their paired tests, from 10,000 bootstrap resamples.

python benchmarks/intervals.py            # two minutes, benchmarks/results/intervals.json
python benchmarks/intervals.py --quick    # is everything right?
"""

from collections.abc import Iterator
from functools import partial
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

import suite
from radimpress.metrics.significance import (
    Resampling,
    estimate,
    ratio,
    resampled_sums,
    tested,
)

SYSTEMS, TYPES = 5, 4  # the first system is the candidate; four types of ROUGE F1
CONFIDENCE = 0.95
NOISE = 25.0  # standard errors, over the root of the resamples: many times what chance leaves

Array = NDArray[np.float64]
Bounds = dict[str, tuple[float, float]]


def bench(options: suite.Options) -> list[suite.Race]:
    reports, samples = (100, 2000) if options.quick else (2000, 10_000)
    scores = _scores(reports)
    weights = np.random.default_rng(3).poisson(1.0, (samples, reports)).astype(np.float64)
    table = np.column_stack([*scores.reshape(-1, reports), np.ones(reports)])
    return [
        suite.Race(
            title="Intervals and paired significance",
            input=f"{SYSTEMS} systems x {TYPES} scores x {reports:,} reports, {samples:,} "
            f"resamples, {SYSTEMS - 1} paired comparisons",
            contestants=(
                suite.Contestant(
                    "radimpress", partial(_ours, scores, samples, count(1)), suite.Role.ours
                ),
                suite.Contestant(
                    "rouge_score's BootstrapAggregator (intervals alone)",
                    partial(_aggregator, scores, samples),
                ),
                suite.Contestant(
                    "scipy.stats.bootstrap, percentile", partial(_scipy, scores, samples)
                ),
                suite.Contestant("one matrix product", lambda: weights @ table, suite.Role.floor),
            ),
            check=partial(_close, allowed=NOISE / samples**0.5),
            limit="one matrix product of the weights of all resamples with all scores",
            reaches=(
                suite.Reach("rouge_score's BootstrapAggregator (intervals alone)", at_least=10),
                suite.Reach("scipy.stats.bootstrap, percentile", at_least=10),
            ),
            notes=(
                "radimpress draws anew in every run (another seed): nothing is remembered between "
                "them. It also gives p-values, which neither peer does.",
            ),
        )
    ]


def _scores(reports: int) -> Array:
    """Made-up F1 of shape (systems, types, reports), alike among systems as real ones are."""
    generator = np.random.default_rng(2026)
    hard = generator.beta(2, 2, size=(1, TYPES, reports))
    return np.clip(hard + generator.normal(0, 0.15, (SYSTEMS, TYPES, reports)), 0, 1)


def _ours(scores: Array, samples: int, seeds: Iterator[int]) -> Bounds:
    resampling = Resampling(samples, CONFIDENCE, next(seeds))
    ones = np.ones(scores.shape[-1])
    tables = [np.column_stack([ones, *system]) for system in scores]
    found: Bounds = {}
    values, draws = [], []
    for number, table in enumerate(tables):
        sums, total = resampled_sums(table, resampling), table.sum(axis=0)
        draws.append([ratio(sums[:, [1 + kind, 0]]) for kind in range(TYPES)])
        values.append([float(ratio(total[[1 + kind, 0]])) for kind in range(TYPES)])
        for kind in range(TYPES):
            interval = estimate(values[-1][kind], draws[-1][kind], len(table), CONFIDENCE)
            found[f"system {number} type {kind}"] = interval.low, interval.high
    for other in range(1, SYSTEMS):
        for kind in range(TYPES):
            test = tested(
                values[0][kind] - values[other][kind],
                draws[0][kind] - draws[other][kind],
                CONFIDENCE,
            )
            found[f"0 minus {other} type {kind}"] = test.low, test.high
    return found


def _aggregator(scores: Array, samples: int) -> Bounds:
    """As rouge_score's documentation shows, a system at a time."""
    from rouge_score.scoring import BootstrapAggregator, Score

    found: Bounds = {}
    for number, system in enumerate(scores):
        aggregator = BootstrapAggregator(confidence_interval=CONFIDENCE, n_samples=samples)
        for report in system.T:
            aggregator.add_scores(
                {str(kind): Score(f1, f1, f1) for kind, f1 in enumerate(report.tolist())}
            )
        for kind, each in aggregator.aggregate().items():
            bounds = float(each.low.fmeasure), float(each.high.fmeasure)
            found[f"system {number} type {kind}"] = bounds
    return found


def _scipy(scores: Array, samples: int) -> Bounds:
    from scipy.stats import bootstrap

    settings: dict[str, Any] = {
        "n_resamples": samples,
        "confidence_level": CONFIDENCE,
        "method": "percentile",
        "vectorized": True,
        "batch": 1000,  # as its documentation advises where memory is short: 10,000 take 160 MB
        "rng": np.random.default_rng(17),
    }
    found: Bounds = {}
    for number, system in enumerate(scores):
        for kind, f1 in enumerate(system):
            interval = bootstrap((f1,), np.mean, **settings).confidence_interval
            found[f"system {number} type {kind}"] = float(interval.low), float(interval.high)
    for other in range(1, SYSTEMS):
        for kind in range(TYPES):
            interval = bootstrap(
                (scores[0, kind], scores[other, kind]), _difference, paired=True, **settings
            ).confidence_interval
            found[f"0 minus {other} type {kind}"] = float(interval.low), float(interval.high)
    return found


def _difference(left: Array, right: Array, axis: int) -> Array:
    return np.asarray(left.mean(axis=axis) - right.mean(axis=axis))


def _close(outputs: dict[str, Any], allowed: float) -> list[str]:
    ours, *peers, _ = outputs.values()
    worst = 0.0
    for name, bounds in ((name, bounds) for peer in peers for name, bounds in peer.items()):
        error = (ours[name][1] - ours[name][0]) / 3.92  # the width of a 95% interval
        off = max(abs(a - b) for a, b in zip(ours[name], bounds, strict=True)) / error
        worst = max(worst, off)
        if off > allowed:
            raise suite.UnequalError(f"{name}: a bound differs by {off:.2f} standard errors")
    return [
        f"all {len(ours)} intervals agree with both peers' to {worst:.2f} standard errors "
        f"(drawn at random: at most {allowed:.2f} is asked)"
    ]


if __name__ == "__main__":
    suite.main(__doc__, bench, ["rouge-score", "scipy", "numpy"])
