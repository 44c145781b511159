"""Evidence made of plain texts: sixty reports, and what a system wrote for each."""

from dataclasses import replace

import pytest

from radimpress.config.promotion import Promotion
from radimpress.metrics.score import ScoredPair, Settings, score
from radimpress.metrics.significance import Resampling
from radimpress.registry.gates.evidence import Evidence
from radimpress.registry.latency import Latency

REPORTS = 60
KINDS = (
    ("The lungs are clear. No pleural effusion.", "No acute disease."),
    ("There is a left pleural effusion. No pneumothorax.", "Left pleural effusion."),
    ("There is pulmonary edema. The heart is large.", "Pulmonary edema and cardiomegaly."),
)
RESAMPLING = Resampling(1000)


def reference(number):
    return KINDS[number % 3][1]


def scores(predictions):
    pairs = [
        ScoredPair(str(n), KINDS[n % 3][0], reference(n), predictions[n]) for n in range(REPORTS)
    ]
    return score(pairs, Settings(Resampling(100)))


@pytest.fixture
def references():
    """What a perfect system writes."""
    return [reference(number) for number in range(REPORTS)]


@pytest.fixture
def evidence(references):
    """Make evidence from lists of impressions; the candidate is perfect unless told otherwise."""

    def make(candidate=None, champion=None, baselines=None, promotion=None, **fields):
        made = Evidence(
            promotion or Promotion(min_reports=REPORTS),
            RESAMPLING,
            scores(references if candidate is None else candidate),
            None if champion is None else scores(champion),
            {name: scores(texts) for name, texts in (baselines or {}).items()},
            (),
            Latency(1, 0.1),
        )
        return replace(made, **fields)

    return make


@pytest.fixture
def spoilt(references):
    """The references with another text for the first `count` reports of one kind (of three)."""

    def spoil(kind, count, text):
        chosen = [n for n in range(REPORTS) if n % 3 == kind][:count]
        return [text if n in chosen else references[n] for n in range(REPORTS)]

    return spoil
