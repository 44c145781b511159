"""Findings that an impression leaves out: stating them before what the model wrote.

A model trained on few reports writes the frequent "no acute abnormality" too often. A sentence of
the findings that asserts a pathology which the impression does not convey is put before it, as it
stands: nothing is invented. Whether that helps is a property of model and corpus, so it is measured
on the validation split after training (`generation.omissions=auto`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from radimpress.corpus.report import Report
from radimpress.metrics.labels.labeller import claims, is_normal, label
from radimpress.metrics.labels.observations import PATHOLOGIES, Presence
from radimpress.metrics.labels.sentences import sentences
from radimpress.metrics.labels.support import conveyed


def omitted(findings: str, impression: str) -> list[str]:
    """The sentences of `findings` that assert a pathology not conveyed by `impression`, in order.

    Pathologies are the 12 of the labeller's observations that are neither No Finding nor Support
    Devices; only what is asserted without doubt counts.
    """
    told = label(impression)
    return [
        sentence
        for sentence in sentences(findings)
        if any(
            claim.label.presence is Presence.POSITIVE
            and claim.observation in PATHOLOGIES
            and not conveyed(claim.observation, told)
            for claim in claims(sentence)
        )
    ]


def with_omitted(findings: str, impression: str) -> str:
    """`impression` after the sentences it omits; unchanged where it omits none."""
    return " ".join([*(f"{sentence}." for sentence in omitted(findings, impression)), impression])


@dataclass(frozen=True, slots=True)
class Trial:
    """ROUGE-L F1 (0 to 1) on validation reports, with omissions left and with them stated.

    The mean of two means, over normal and over abnormal reports (by their reference impressions):
    the many normal ones would decide alone otherwise, and omissions are about the others.
    """

    left: float
    stated: float

    @property
    def helps(self) -> bool:
        """Whether stating them is better; an equal score leaves the model's text alone."""
        return self.stated > self.left


def trial(reports: Sequence[Report], impressions: Sequence[str]) -> Trial:
    """Try both on `impressions`, the model's own for `reports`."""
    from radimpress.metrics.rouge import rouge  # a score: what only generates needs none

    references = [report.impression for report in reports]
    completed = [
        with_omitted(report.findings, impression)
        for report, impression in zip(reports, impressions, strict=True)
    ]
    normal = np.array([is_normal(reference) for reference in references])
    left, stated = (
        _balanced(rouge(references, texts, stem=False)["rougeL"], normal)
        for texts in (impressions, completed)
    )
    return Trial(left, stated)


def _balanced(scores: np.ndarray, normal: np.ndarray) -> float:
    """The mean of the means of both kinds of reports; of one where the other is not there."""
    return float(np.mean([scores[kind].mean() for kind in (normal, ~normal) if kind.any()]))
