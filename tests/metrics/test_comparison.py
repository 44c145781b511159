"""Which system is better, on how many reports, and how surely."""

import numpy as np
import pytest

from radimpress.metrics.catalogue import ONE
from radimpress.metrics.comparison import compare
from radimpress.metrics.significance import Resampling

RESAMPLING = Resampling(samples=300, seed=2)


def columns(**given):
    size = len(next(iter(given.values())))
    return {name: np.array(values, dtype=float) for name, values in given.items()} | {
        ONE: np.ones(size)
    }


def test_wins_are_reports_with_more_of_what_is_good():
    found = compare(columns(rougeL=[1, 0.5, 0.2]), columns(rougeL=[0, 0.5, 0.3]), RESAMPLING)
    it = found["rougeL"]
    assert (it.wins, it.ties, it.losses, it.n) == (1, 1, 1, 3)
    assert it.test.difference == pytest.approx(0.3)


def test_wins_are_reports_with_less_of_what_is_bad():
    found = compare(
        columns(truncation_rate=[0, 0, 1, 0]), columns(truncation_rate=[1, 1, 0, 0]), RESAMPLING
    )
    it = found["truncation_rate"]
    assert (it.wins, it.ties, it.losses) == (2, 1, 1)
    assert it.test.difference == pytest.approx(-0.25)


def test_a_metric_without_a_better_way_is_not_compared():
    words = columns(prediction_words=[4], reference_words=[2])
    assert compare(words, words, RESAMPLING) == {}


def test_a_metric_unknown_for_one_system_is_not_compared():
    known, unknown = columns(truncation_rate=[0, 1]), columns(truncation_rate=[np.nan, np.nan])
    assert compare(known, unknown, RESAMPLING) == {}


def test_a_system_against_itself_ties_everywhere():
    own = columns(rougeL=[0.1, 0.9, 0.4])
    it = compare(own, own, RESAMPLING)["rougeL"]
    assert (it.wins, it.ties, it.losses, it.test.difference, it.test.p) == (0, 3, 0, 0.0, 1.0)
