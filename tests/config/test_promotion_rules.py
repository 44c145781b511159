from dataclasses import replace

import pytest

from radimpress.config.load import compose
from radimpress.config.promotion import (
    BaselineGate,
    ErrorGate,
    GoldenGate,
    LatencyGate,
    LineageGate,
    PairedGate,
    Promotion,
    SliceGate,
)
from radimpress.config.promotion_rules import promotion_rules

REFUSED = [
    ({"samples": 999}, "promotion.samples: is 999, expected at least 1000"),
    ({"min_reports": 0}, "promotion.min_reports: is 0, expected at least 1"),
    ({"confidence": 0.4}, "promotion.confidence: is 0.4, expected [0.8, 1)"),
    ({"confidence": 1.0}, "promotion.confidence: is 1, expected [0.8, 1)"),
    ({"max_empty": 1.0}, "promotion.max_empty: is 1, expected a share in [0, 0.05]"),
    ({"score": PairedGate(margin=-0.1)}, "promotion.score.margin: is -0.1, expected at least 0"),
    ({"clinical": PairedGate(margin=-1)}, "promotion.clinical.margin: is -1, expected at least 0"),
    ({"slices": SliceGate(margin=-1)}, "promotion.slices.margin: is -1, expected at least 0"),
    ({"slices": SliceGate(min_reports=0)}, "promotion.slices.min_reports: is 0, expected at"),
    ({"latency": LatencyGate(reports=4)}, "promotion.latency.reports: is 4, expected at least 5"),
    ({"latency": LatencyGate(ratio=0.9)}, "promotion.latency.ratio: is 0.9, expected at least 1"),
    ({"side_flip": ErrorGate(1.0, 0)}, "promotion.side_flip.ceiling: is 1, expected a share"),
    ({"hallucination": ErrorGate(0.1, -0.1)}, "promotion.hallucination.tolerance: is -0.1, exp"),
    ({"baselines": BaselineGate(systems=[])}, "promotion.baselines.systems: is empty"),
    ({"golden": GoldenGate(side=1.1)}, "promotion.golden.side: is 1.1, expected [0.5, 1]"),
    (
        {"score": PairedGate(margin=float("inf"))},
        "promotion.score.margin: is inf, expected at most",
    ),
    ({"slices": SliceGate(margin=0.9)}, "promotion.slices.margin: is 0.9, expected at most 0.3"),
    ({"latency": LatencyGate(ratio=1e9)}, "promotion.latency.ratio: is 1e+09, expected at most 20"),
    ({"golden": GoldenGate(negation=0)}, "promotion.golden.negation: is 0, expected [0.5, 1]"),
    ({"split": "validation"}, "promotion.split: is 'validation', expected test or test_<external>"),
]


@pytest.mark.parametrize(("changed", "message"), REFUSED, ids=lambda value: str(value)[:40])
def test_a_gate_that_makes_no_sense_is_refused_by_its_field(changed, message):
    problems = list(promotion_rules(replace(Promotion(), **changed)))
    assert [problem.refused for problem in problems] == [True]
    assert str(problems[0]).startswith(message)


def test_the_defaults_of_the_schema_are_sound():
    assert list(promotion_rules(Promotion())) == []


def test_limits_themselves_are_allowed():
    tight = Promotion(
        score=PairedGate(margin=0.0),
        side_flip=ErrorGate(0.0, 0.0),
        golden=GoldenGate(side=0.5, negation=1.0),
        latency=LatencyGate(1.0, 5),
        split="test_indiana",
    )
    assert list(promotion_rules(tight)) == []


def test_a_rehearsal_is_warned_about_and_not_refused():
    loose = Promotion(lineage=LineageGate(clean_commit=False))
    assert [(p.field, p.refused) for p in promotion_rules(loose)] == [
        ("promotion.lineage.clean_commit", False)
    ]


def test_strict_asks_for_no_less_than_default_anywhere(root, monkeypatch):
    monkeypatch.chdir(root)
    default, strict = (compose([f"promotion={name}"]).promotion for name in ("default", "strict"))
    for name in ("hallucination", "contradiction", "side_flip"):
        ours, theirs = getattr(default, name), getattr(strict, name)
        assert (theirs.ceiling, theirs.tolerance) <= (ours.ceiling, ours.tolerance)
    for name in ("negation", "side", "finding", "normal", "empty", "absurd"):
        assert getattr(strict.golden, name) >= getattr(default.golden, name)
    assert strict.min_reports > default.min_reports
    assert strict.slices.margin < default.slices.margin
    assert default.lineage.clean_commit
    assert strict.lineage.clean_commit


def test_a_rehearsal_differs_from_default_in_reports_and_clean_commit_alone(root, monkeypatch):
    monkeypatch.chdir(root)
    default, trial = (compose([f"promotion={name}"]).promotion for name in ("default", "rehearsal"))
    same = replace(trial, min_reports=default.min_reports, lineage=default.lineage)
    assert same == default
