import io
from contextlib import redirect_stderr

import pytest

from radimpress.cloud.jobs.lines import Progress, read_progress, read_told, told
from radimpress.runtime.progress import Meter


def test_what_was_told_is_read_back():
    assert read_told(told("trained 10 steps")) == "trained 10 steps"
    assert read_told("2026-01-01 " + told("x")) == "x"


def test_every_line_of_a_reason_is_marked():
    assert [read_told(line) for line in told("one\ntwo").split("\n")] == ["one", "two"]


@pytest.mark.parametrize("line", ["+ python --version", "", "Some library: 3/4"])
def test_lines_of_others_are_not_ours(line):
    assert read_told(line) is None


def test_the_meters_own_line_is_understood():
    heard = io.StringIO()
    with redirect_stderr(heard):
        meter = Meter("training", 1200)
        meter._last_line -= 100
        meter.advance(345)
    assert read_progress(heard.getvalue().strip()) == Progress("training", 345, 1200)


@pytest.mark.parametrize("line", ["error: a/b", "training: 5, 3 s", "epoch 1/3"])
def test_other_lines_are_no_progress(line):
    assert read_progress(line) is None
