"""Axes are round and hold their values."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radimpress.report.axes import Axis, Tick, axis_over


def test_a_score_axis_has_round_ticks():
    axis = axis_over([0.31, 0.93], floor=0.0, ceiling=1.0, ticks=4)
    assert [tick.label for tick in axis.ticks()] == ["0.2", "0.4", "0.6", "0.8", "1.0"]


def test_shares_are_labelled_in_per_cent():
    axis = axis_over([0.0, 0.038], floor=0.0)
    assert [tick.label for tick in axis.ticks(percent=True)] == ["0%", "1%", "2%", "3%", "4%"]


def test_small_per_cents_keep_their_decimals():
    axis = axis_over([0.0, 0.002], floor=0.0, ticks=4)
    assert [t.label for t in axis.ticks(percent=True)] == [
        "0.00%",
        "0.05%",
        "0.10%",
        "0.15%",
        "0.20%",
    ]


def test_ends_stand_at_0_and_100():
    axis = Axis(0.0, 1.0, 0.5)
    assert axis.ticks() == [Tick(0.0, "0.0"), Tick(50.0, "0.5"), Tick(100.0, "1.0")]
    assert axis.place(-3.0) == 0.0
    assert axis.place(7.0) == 100.0


@pytest.mark.parametrize("values", [[], [math.nan], [0.5], [0.0, 0.0], [1.0, 1.0]])
def test_one_value_or_none_still_makes_an_axis(values):
    axis = axis_over(values, floor=0.0, ceiling=1.0)
    assert axis.low < axis.high
    assert len(axis.ticks()) >= 2


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=20))
def test_the_axis_covers_every_value(values):
    axis = axis_over(values, floor=0.0)
    slack = 1e-6 * (axis.high - axis.low)
    assert axis.low - slack <= min(values)
    assert max(values) <= axis.high + slack
    assert 2 <= len(axis.ticks()) <= 12
