from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radimpress.corpus.report import Prediction, Report
from radimpress.registry.evidence.latency import measure, ratio_of, spread

REPORTS = [Report(str(n), "", "", "", "findings", "") for n in range(6)]


class Timed:
    """A system that takes `seconds` of a clock that it moves itself."""

    def __init__(self, name, seconds, clock, log):
        self.name, self._seconds, self._clock, self._log = name, seconds, clock, log

    def generate(self, reports):
        self._log.append((self.name, reports[0].study_id))
        self._clock["now"] += self._seconds
        return [Prediction(report.study_id, "") for report in reports]


@pytest.fixture
def clock():
    return {"now": 0.0}


@pytest.fixture
def log():
    return []


def test_the_ratio_is_of_the_medians_of_the_same_reports(clock, log):
    ours, theirs = Timed("new", 0.3, clock, log), Timed("old", 0.2, clock, log)
    found = measure(ours, theirs, REPORTS, 0.95, lambda: clock["now"])
    assert found.reports == 6
    assert found.candidate == pytest.approx(0.3)
    assert found.champion == pytest.approx(0.2)
    assert found.ratio.value == pytest.approx(1.5)


def test_both_answer_one_report_in_turns_and_who_is_first_alternates(clock, log):
    systems = [Timed(name, 0.1, clock, log) for name in ("new", "old")]
    measure(*systems, REPORTS, 0.95, lambda: clock["now"])
    timed = log[4:]  # two reports to warm up
    assert [study for _, study in timed] == [str(n) for n in range(6) for _ in range(2)]
    assert [name for name, _ in timed[:6]] == ["new", "old", "old", "new", "new", "old"]


def test_the_first_calls_are_not_timed(clock, log):
    pace = count()

    class Warming(Timed):
        def generate(self, reports):
            clock["now"] += 5.0 if next(pace) < 2 else 0.1
            return super().generate(reports)

    found = measure(Warming("new", 0.0, clock, log), None, REPORTS, 0.95, lambda: clock["now"])
    assert found.candidate == pytest.approx(0.1)


def test_without_a_champion_there_is_no_ratio(clock, log):
    found = measure(Timed("new", 0.3, clock, log), None, REPORTS, 0.95, lambda: clock["now"])
    assert (found.champion, found.ratio) == (None, None)


def test_the_interval_of_a_median_of_forty_is_from_the_14th_to_the_27th():
    """Conover's table: 14 and 27 of 40 at 95%."""
    found = ratio_of([float(n) for n in range(1, 41)], 0.95)
    assert found == (20.5, 14.0, 27.0)


@given(st.lists(st.floats(0.1, 10), min_size=1, max_size=60))
def test_the_interval_holds_the_median(ratios):
    found = ratio_of(ratios, 0.95)
    assert min(ratios) <= found.low <= found.value <= found.high <= max(ratios)


@pytest.mark.parametrize(
    ("asked", "studies"), [(3, ["0", "2", "4"]), (6, list("012345")), (99, list("012345"))]
)
def test_timed_reports_are_spread_over_the_split(asked, studies):
    assert [report.study_id for report in spread(REPORTS, asked)] == studies
