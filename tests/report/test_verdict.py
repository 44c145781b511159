"""The first sentence of the page tells the truth, also where the candidate loses."""

import math

import pytest

from radimpress.metrics.significance import Estimate
from radimpress.report.results import Comparison, Results
from radimpress.report.verdict import standing, verdict, write_p

GOOD = Estimate(0.931, 0.92, 0.942, 360)


def results(tests, score=GOOD, metric="rougeL"):
    """`tests`: system to (difference, p)."""
    scored = {"test": {"all": {metric: score}}}
    return Results(
        dict.fromkeys([*tests, "finetuned"], scored),
        {
            "test": {
                name: {metric: Comparison(gap, gap - 0.01, gap + 0.01, p, 1, 1, 1, 3)}
                for name, (gap, p) in tests.items()
                if p is not None
            }
        },
    )


def headline(tests, score=GOOD):
    return verdict(results(tests, score), "test", "finetuned", 0.95, 30).headline


def test_a_clear_win_is_one_sentence():
    assert headline({"lead": (0.5, 0.0005), "retrieval": (0.1, 0.0005)}) == (
        "The fine-tuned model scores ROUGE-L 0.931 [0.920, 0.942] on 360 test reports;"
        " better than every other system (p < 0.001)."
    )


def test_the_largest_p_of_a_win_is_given():
    assert headline({"lead": (0.5, 0.0005), "retrieval": (0.1, 0.03)}).endswith(
        "better than every other system (p ≤ 0.030)."
    )


def test_a_loss_is_called_a_loss():
    assert headline({"retrieval": (-0.031, 0.002), "lead": (0.2, 0.0005)}).endswith(
        "better than the first sentences (p < 0.001);"
        " worse than the nearest report (−0.031, p = 0.002)."
    )


def test_a_difference_within_chance_is_no_win():
    assert headline({"retrieval": (0.011, 0.3)}).endswith(
        "reports; not clearly different from the nearest report (+0.011, p = 0.300)."
    )


def test_a_system_that_was_not_tested_is_named():
    assert headline({"lead": (0.1, 0.001), "retrieval": (0, None)}).endswith(
        "not tested against the nearest report."
    )


def test_alone_it_says_that_nothing_was_compared():
    assert headline({}).endswith("reports; no other system was compared.")


def test_a_split_without_the_score_is_no_crash():
    found = verdict(Results({}, {}), "test", "finetuned", 0.95, 30)
    assert found.headline == "The fine-tuned model has no ROUGE-L on this split."


def test_a_handful_of_reports_is_a_caution():
    few = Estimate(0.9, 0.5, 1.0, 12)
    found = verdict(results({}, few), "test", "finetuned", 0.95, 30)
    assert found.cautions == (
        "Only 12 reports were tested (fewer than 30): read the intervals, not the values.",
    )
    assert verdict(results({}), "test", "finetuned", 0.95, 30).cautions == ()


def test_the_confidence_decides_what_counts():
    found = results({"lead": (0.1, 0.03)})
    assert standing(found, "test", "rougeL", "finetuned", 0.95).startswith("better")
    assert standing(found, "test", "rougeL", "finetuned", 0.99).startswith("not clearly")


def test_fewer_errors_are_better():
    found = results({"lead": (-0.2, 0.0005)}, metric="hallucination_rate")
    assert standing(found, "test", "hallucination_rate", "finetuned", 0.95).startswith("better")


@pytest.mark.parametrize(
    ("p", "text"), [(0.0, "p < 0.001"), (0.0412, "p = 0.041"), (1.0, "p = 1.000"), (math.nan, "–")]
)
def test_p_is_never_zero(p, text):
    assert write_p(p) == text
