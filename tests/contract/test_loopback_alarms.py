import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopback.alarms import judged
from loopback.metric_series import Series, Stat, evaluate, stat_series

if TYPE_CHECKING:
    from loopback.server import Loopback

ERRORS: Series = {1: 2.0, 2: 0.0, 4: 1.0}
ASKED: Series = {1: 10.0, 2: 0.0, 3: 5.0, 4: 4.0}
KNOWN = {"errors": ERRORS, "asked": ASKED}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("errors / asked", {1: 0.2, 4: 0.25}),
        ("100 * errors / FILL(asked, 1)", {1: 20.0, 4: 25.0}),
        ("FILL(errors, 0) / asked", {1: 0.2, 3: 0.0, 4: 0.25}),
        ("IF(asked > 4, errors, 0)", {1: 2.0, 2: 0.0, 4: 0.0}),
        ("IF(asked > 4 && asked < 10, 1, 0)", {1: 0.0, 2: 0.0, 3: 1.0, 4: 0.0}),
        ("SUM(errors)", {1: 3.0, 2: 3.0, 3: 3.0, 4: 3.0}),
        ("MAX(asked) - -1", {1: 11.0, 2: 11.0, 3: 11.0, 4: 11.0}),
        ("errors ^ 2", {1: 4.0, 2: 0.0, 4: 1.0}),
    ],
)
def test_metric_math_leaves_gaps_where_a_side_has_none(expression: str, expected: Series) -> None:
    assert evaluate(expression, KNOWN, range(1, 5)) == pytest.approx(expected)


@pytest.mark.parametrize("expression", ["no / asked", "RATE(errors)", "errors.real", "errors"])
def test_metric_math_refuses_what_it_does_not_know(expression: str) -> None:
    if expression == "errors":
        assert evaluate(expression, KNOWN, range(1, 5)) == ERRORS
        return
    with pytest.raises(ValueError, match="metric math has no"):
        evaluate(expression, KNOWN, range(1, 5))


def datum(second: float, value: float, **changes: Any) -> SimpleNamespace:
    when = datetime.fromtimestamp(second, UTC).replace(tzinfo=None)
    plain = {"namespace": "N", "name": "M", "unit": None, "dimensions": []}
    return SimpleNamespace(timestamp=when, value=value, **(plain | changes))


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50), st.integers(0, 100))
def test_a_percentile_is_one_of_the_values_with_that_share_at_or_below(
    values: list[float], percent: int
) -> None:
    data = [datum(100.0, value) for value in values]
    stat = Stat("N", "M", frozenset(), f"p{percent}")
    (found,) = stat_series(data, stat, 60.0, 0).values()
    assert found in values
    assert sum(value <= found for value in values) >= len(values) * percent / 100


def test_values_fall_into_periods_and_only_exact_dimensions_count() -> None:
    other = SimpleNamespace(name="D", value="x")
    data = [datum(59, 1), datum(60, 2), datum(119, 4), datum(60, 9, dimensions=[other])]
    data += [datum(60, 9, name="other"), datum(60, 9, namespace="other")]
    stat = Stat("N", "M", frozenset(), "Sum")
    assert stat_series(data, stat, 60.0, 0) == {0: 1.0, 1: 6.0}
    assert stat_series(data, stat, 60.0, 1) == {1: 6.0}
    assert stat_series(data, Stat("N", "M", frozenset({("D", "x")}), "Sum"), 60.0, 0) == {1: 9.0}


@pytest.mark.parametrize(
    ("values", "missing", "ignore", "breaching", "not_breaching"),
    [  # a row of AWS's own table each; 3 of 3 datapoints; None: it stays as it is
        ([0, None, 9], "OK", "OK", "OK", "OK"),
        ([None, None, None], "INSUFFICIENT_DATA", None, "ALARM", "OK"),
        ([None, 9, None], "ALARM", None, "ALARM", "OK"),
        ([9, 9, 9], "ALARM", "ALARM", "ALARM", "ALARM"),
        ([9, 0, 9], "OK", "OK", "OK", "OK"),
    ],
)
def test_gaps_are_treated_as_the_alarm_says(
    values: Sequence[float | None],
    missing: str,
    ignore: str | None,
    breaching: str,
    not_breaching: str,
) -> None:
    def state(treated: str) -> str | None:
        alarm = SimpleNamespace(
            comparison_operator="GreaterThanThreshold",
            threshold=5.0,
            evaluation_periods=3,
            datapoints_to_alarm=None,
            treat_missing_data=treated,
        )
        return judged(alarm, values)

    found = [state(each) for each in ("missing", "ignore", "breaching", "notBreaching")]
    assert found == [missing, ignore, breaching, not_breaching]


class Watched:
    """An alarm on a metric of the tests' own."""

    def __init__(self, loop: "Loopback") -> None:
        self.cloudwatch = loop.client("cloudwatch")

    def alarm(self, **changes: Any) -> None:
        plain = {
            "Namespace": "radimpress",
            "MetricName": "GoldenDifferences",
            "Statistic": "Maximum",
            "Period": 60,
            "EvaluationPeriods": 1,
            "Threshold": 0.5,
            "ComparisonOperator": "GreaterThanThreshold",
        }
        given = {k: v for k, v in (plain | changes).items() if v is not None}
        self.cloudwatch.put_metric_alarm(AlarmName="a", **given)

    def put(self, value: float, name: str = "GoldenDifferences") -> None:
        data = [{"MetricName": name, "Value": value}]
        self.cloudwatch.put_metric_data(Namespace="radimpress", MetricData=data)

    def state(self) -> str:
        (alarm,) = self.cloudwatch.describe_alarms(AlarmNames=["a"])["MetricAlarms"]
        return str(alarm["StateValue"])

    def until(self, state: str, meanwhile: Callable[[], None] = lambda: None) -> None:
        until = time.monotonic() + 15
        while self.state() != state:
            assert time.monotonic() < until, self.state()
            meanwhile()
            time.sleep(0.05)


@pytest.fixture
def watched(loopback: "Loopback") -> Watched:
    return Watched(loopback)


def test_an_alarm_knows_nothing_then_rings_then_knows_nothing_again(watched: Watched) -> None:
    watched.alarm()
    assert watched.state() == "INSUFFICIENT_DATA"
    watched.until("ALARM", lambda: watched.put(1.0))
    watched.until("OK", lambda: watched.put(0.0))
    watched.until("INSUFFICIENT_DATA")
    (alarm,) = watched.cloudwatch.describe_alarms(AlarmNames=["a"])["MetricAlarms"]
    assert "Threshold Crossed: 0 datapoints []" in alarm["StateReason"]


def test_an_alarm_that_is_put_again_keeps_its_state(watched: Watched) -> None:
    watched.alarm(TreatMissingData="ignore")
    watched.until("ALARM", lambda: watched.put(1.0))
    watched.alarm(TreatMissingData="ignore", Threshold=0.6)
    assert watched.state() == "ALARM"


def test_an_alarm_can_watch_a_ratio_of_metrics(watched: Watched) -> None:
    def query(name: str, metric: str) -> dict[str, Any]:
        stat = {"Metric": {"Namespace": "radimpress", "MetricName": metric}, "Period": 60}
        return {"Id": name, "MetricStat": stat | {"Stat": "Sum"}, "ReturnData": False}

    ratio = {"Id": "ratio", "Expression": "errors / asked", "ReturnData": True}
    watched.alarm(
        Metrics=[query("errors", "Errors"), query("asked", "Asked"), ratio],
        **dict.fromkeys(("Namespace", "MetricName", "Statistic", "Period")),
    )

    def both(errors: float) -> Callable[[], None]:
        return lambda: (watched.put(errors, "Errors"), watched.put(4.0, "Asked"), None)[-1]

    watched.until("OK", both(1.0))
    watched.until("ALARM", both(3.0))


def test_an_alarm_can_watch_a_percentile(watched: Watched) -> None:
    watched.alarm(Statistic=None, ExtendedStatistic="p95", Threshold=5.0)

    def many() -> None:
        for value in (1.0, 1.0, 1.0, 9.0):
            watched.put(value)

    watched.until("ALARM", many)


def test_a_state_that_was_set_stays_a_moment(watched: Watched) -> None:
    watched.alarm(TreatMissingData="notBreaching")
    watched.until("OK")
    watched.cloudwatch.set_alarm_state(AlarmName="a", StateValue="ALARM", StateReason="drill")
    for _ in range(5):
        assert watched.state() == "ALARM"
        time.sleep(0.05)
    watched.until("OK")


def test_a_deleted_alarm_that_is_made_anew_starts_anew(watched: Watched) -> None:
    watched.alarm(TreatMissingData="ignore")
    watched.until("ALARM", lambda: watched.put(1.0))
    watched.cloudwatch.delete_alarms(AlarmNames=["a"])
    watched.alarm(MetricName="Another")
    assert watched.state() == "INSUFFICIENT_DATA"
