"""Everything metrics.json says of one system on one split, from its texts alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from radimpress.metrics.catalogue import METRICS, ONE, Columns, clinical_columns
from radimpress.metrics.clinical import asserted_observations, table
from radimpress.metrics.labels.labeller import is_normal
from radimpress.metrics.labels.observations import Observation
from radimpress.metrics.resamples import resample
from radimpress.metrics.rouge import rouge
from radimpress.metrics.significance import (
    Array,
    Estimate,
    Resampling,
    estimate,
    with_exact_bounds,
)
from radimpress.metrics.slices import MAIN, Mask, slices
from radimpress.metrics.surface import identical_output, words

NOT_A_SLICE = {Observation.NO_FINDING.value}  # it is the slice `normal` or nearly so


@dataclass(frozen=True, slots=True)
class ScoredPair:
    """One report and what a system wrote for it.

    `truncated` is None where nobody knows whether the output was cut off at a length limit.
    """

    study_id: str
    findings: str
    reference: str
    prediction: str
    background: str = ""
    source: str = ""
    truncated: bool | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """How to resample and where to cut: upper bounds of words of findings."""

    resampling: Resampling = field(default_factory=Resampling)
    length_bins: tuple[int, ...] = (20, 40, 80)


@dataclass(frozen=True, slots=True)
class Scores:
    """Numbers per report, and per slice each metric that has a value there."""

    study_ids: tuple[str, ...]
    columns: Columns
    slices: Mapping[str, Mapping[str, Estimate]]

    def per_report(self) -> dict[str, Array]:
        """Each metric of each report alone, shape (reports,); NaN where it says nothing of one."""
        return {metric.name: metric.per_report(self.columns) for metric in METRICS}

    def small(self, limit: int) -> list[str]:
        """The slices of fewer than `limit` reports: read their intervals, not their values."""
        return [name for name, found in self.slices.items() if _size(found) < limit]


def score(pairs: Sequence[ScoredPair], settings: Settings) -> Scores:
    """Score one system on one split. Raises ValueError for no pairs."""
    if not pairs:
        raise ValueError("no pairs to score")
    columns = _columns(pairs)
    return Scores(
        tuple(pair.study_id for pair in pairs),
        columns,
        {
            name: dict(_estimates(name, mask, columns, settings.resampling))
            for name, mask in slice_masks(pairs, settings).items()
        },
    )


def _columns(pairs: Sequence[ScoredPair]) -> dict[str, Array]:
    references = [pair.reference for pair in pairs]
    predictions = [pair.prediction for pair in pairs]
    return {
        ONE: np.ones(len(pairs)),
        **rouge(references, predictions, stem=False),
        **rouge(references, predictions, stem=True),
        **clinical_columns(
            table(
                [pair.findings for pair in pairs],
                [pair.background for pair in pairs],
                references,
                predictions,
            )
        ),
        "prediction_words": words(predictions),
        "reference_words": words(references),
        "truncation_rate": np.array(
            [np.nan if pair.truncated is None else float(pair.truncated) for pair in pairs]
        ),
        "identical_output_rate": identical_output(predictions),
    }


def slice_masks(pairs: Sequence[ScoredPair], settings: Settings) -> dict[str, Mask]:
    """Which pairs are in which slice.

    Cut by what the reference impression says, so that every system has the same slices.
    """
    references = [pair.reference for pair in pairs]
    return slices(
        findings_words=words([pair.findings for pair in pairs]),
        normal=[is_normal(reference) for reference in references],
        sources=[pair.source for pair in pairs],
        observations=[asserted_observations(text) - NOT_A_SLICE for text in references],
        length_bins=settings.length_bins,
    )


def _estimates(
    piece: str, mask: Mask, columns: Columns, resampling: Resampling
) -> Iterator[tuple[str, Estimate]]:
    metrics = [metric for metric in METRICS if metric.everywhere or piece in MAIN]
    part = {name: column[mask] for name, column in columns.items()}
    drawn = resample(part, metrics, resampling)
    for metric in metrics:
        value = drawn.value(metric)
        if np.isfinite(value):
            found = estimate(value, drawn.drawn(metric), drawn.n, resampling.confidence)
            exact = with_exact_bounds(found, resampling.confidence) if metric.share else found
            yield metric.name, exact


def _size(found: Mapping[str, Estimate]) -> int:
    return max((each.n for each in found.values()), default=0)
