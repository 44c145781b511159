"""Intervals cover what they promise and tests call no difference where there is none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from threadpoolctl import threadpool_info, threadpool_limits

from radimpress.metrics.draws import DRAWS
from radimpress.metrics.significance import (
    Estimate,
    Resampling,
    bootstrap_interval,
    estimate,
    paired_test,
    ratio,
    with_exact_bounds,
)

QUICK = Resampling(samples=200, seed=5)
VALUES = arrays(np.float64, st.integers(1, 40), elements=st.floats(0, 1, width=32))


def averaged(values):
    return np.column_stack([values, np.ones(len(values))])


@given(VALUES)
@settings(max_examples=60, deadline=None)
def test_an_interval_contains_its_value_and_stays_within_the_data(values):
    found = bootstrap_interval(averaged(values), ratio, QUICK)
    assert found.value == pytest.approx(values.mean())
    assert found.low <= found.value <= found.high
    assert values.min() - 1e-9 <= found.low
    assert found.high <= values.max() + 1e-9
    assert found.n == len(values)


@given(VALUES)
@settings(max_examples=60, deadline=None)
def test_a_system_against_itself_has_no_difference_and_p_one(values):
    found = paired_test(averaged(values), averaged(values), ratio, QUICK)
    assert (found.difference, found.low, found.high, found.p) == (0.0, 0.0, 0.0, 1.0)


@given(st.integers(0, 2**31), st.integers(2, 40))
@settings(max_examples=40, deadline=None)
def test_swapping_the_systems_turns_the_sign_and_keeps_p(seed, n):
    generator = np.random.default_rng(seed)
    left, right = (averaged(generator.random(n)) for _ in range(2))
    there, back = paired_test(left, right, ratio, QUICK), paired_test(right, left, ratio, QUICK)
    assert there.difference == -back.difference
    assert there.p == back.p
    assert there.low == pytest.approx(-back.high)


def test_equal_seeds_give_equal_numbers_and_others_do_not():
    columns = averaged(np.random.default_rng(1).random(50))
    again = [bootstrap_interval(columns, ratio, QUICK) for _ in range(2)]
    other = bootstrap_interval(columns, ratio, Resampling(samples=200, seed=6))
    assert again[0] == again[1]
    assert again[0].low != other.low


def test_a_ratio_of_sums_is_resampled_as_sums_and_not_as_a_mean_of_ratios():
    columns = np.array([[1.0, 1.0], [0.0, 9.0]])
    found = bootstrap_interval(columns, ratio, QUICK)
    assert found.value == 0.1
    assert (found.low, found.high) == (0.0, 1.0)


def test_resamples_without_a_value_are_left_out():
    found = bootstrap_interval(np.array([[1.0, 2.0], [0.0, 0.0]]), ratio, QUICK)
    assert (found.value, found.low, found.high) == (0.5, 0.5, 0.5)
    nowhere = bootstrap_interval(np.zeros((3, 2)), ratio, QUICK)
    assert np.isnan(nowhere.value)


def test_an_interval_is_widened_to_its_value_where_resampling_is_biased():
    assert estimate(0.9, np.array([0.2, 0.3]), n=2, confidence=0.95).high == 0.9


def test_no_error_in_fifty_reports_leaves_seven_per_cent_possible():
    none = with_exact_bounds(Estimate(0.0, 0.0, 0.0, 50), confidence=0.95)
    every = with_exact_bounds(Estimate(1.0, 1.0, 1.0, 50), confidence=0.95)
    assert (none.low, none.high) == (0.0, pytest.approx(0.0711, abs=1e-4))
    assert (every.low, every.high) == (pytest.approx(0.9289, abs=1e-4), 1.0)
    some = Estimate(0.1, 0.05, 0.2, 50)
    assert with_exact_bounds(some, 0.95) == some


def test_the_interval_of_a_mean_agrees_with_the_normal_approximation():
    values = np.random.default_rng(2).normal(0.5, 0.1, size=400)
    found = bootstrap_interval(averaged(values), ratio, Resampling(samples=4000))
    margin = 1.96 * values.std() / np.sqrt(400)
    assert found.low == pytest.approx(values.mean() - margin, abs=0.001)
    assert found.high == pytest.approx(values.mean() + margin, abs=0.001)


def test_ninety_five_per_cent_intervals_cover_the_truth_about_that_often():
    generator = np.random.default_rng(3)
    hits = 0
    for seed in range(400):
        sample = generator.beta(2, 1, size=60)  # skewed, like ROUGE; its mean is 2/3
        found = bootstrap_interval(averaged(sample), ratio, Resampling(samples=400, seed=seed))
        hits += found.low <= 2 / 3 <= found.high
    assert 0.91 <= hits / 400 <= 0.98


def test_equal_systems_are_called_different_about_five_times_in_a_hundred():
    generator = np.random.default_rng(4)
    alarms = 0
    for seed in range(400):
        left, right = (averaged(generator.beta(2, 1, size=60)) for _ in range(2))
        alarms += paired_test(left, right, ratio, Resampling(400, seed=seed)).p < 0.05
    assert 0.02 <= alarms / 400 <= 0.09


def test_a_clear_difference_has_the_smallest_p_there_is():
    generator = np.random.default_rng(5)
    right = generator.random(100)
    found = paired_test(averaged(right + 0.2), averaged(right), ratio, QUICK)
    assert found.difference == pytest.approx(0.2)
    assert found.p == 1 / 201


def test_systems_on_different_reports_are_refused():
    with pytest.raises(ValueError, match="equal shapes"):
        paired_test(np.ones((3, 2)), np.ones((4, 2)), ratio, QUICK)


def blas_threads():
    return {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"}


def test_one_thread_multiplies_and_the_others_are_back_afterwards(monkeypatch):
    seen = []
    blocks = type(DRAWS).blocks

    def watched(self, draw):
        seen.append(blas_threads())
        return blocks(self, draw)

    monkeypatch.setattr(type(DRAWS), "blocks", watched)
    with threadpool_limits(limits=2, user_api="blas"):
        bootstrap_interval(averaged(np.arange(5.0)), ratio, QUICK)
        assert blas_threads() == {2}
    assert seen == [{1}]
