from math import isnan

import pytest

from radimpress.registry.evidence.evidence import difference, measured


def test_reports_and_empty_impressions_are_counted(evidence, spoilt):
    made = evidence(candidate=spoilt(2, 4, " "))
    assert (made.reports, made.empty) == (60, 4)


def test_a_metric_is_read_of_the_whole_or_a_slice(evidence, spoilt):
    scores = evidence(candidate=spoilt(0, 10, "Fracture.")).candidate
    assert measured(scores, "rougeL").value == pytest.approx(50 / 60)
    assert measured(scores, "rougeL", "normal").value == pytest.approx(0.5)
    assert isnan(measured(scores, "rougeL", "no such slice").value)


def test_the_difference_is_left_minus_right_on_the_same_reports(evidence, references, spoilt):
    made = evidence(candidate=spoilt(0, 6, "Fracture."), champion=references)
    test = difference(made.candidate, made.champion, "rougeL", made.resampling)
    assert test.difference == pytest.approx(-0.1)
    assert test.low < -0.1 < test.high < 0
