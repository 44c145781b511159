"""CloudWatch's alarms, evaluated for real against what was put into its metrics.

Moto keeps alarms and metrics and never holds one against the other. Composite alarms stay as they
are, and no action of an alarm is carried out.
"""

import math
import operator
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Response

from loopback.call import ACCOUNT, Call
from loopback.hosting_pace import HostingPace
from loopback.metric_series import Series, Stat, evaluate, stat_series

if TYPE_CHECKING:
    from loopback.server import Loopback

LOOK_EVERY_S = 0.05
FORCED_S = 1.0  # at least so long, or a period, a state that SetAlarmState gave stays
COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}


def install(loop: "Loopback") -> None:
    """Take over what changes an alarm; `loopback.endpoints` comes first, for its pace."""
    keeper = AlarmKeeper(loop.hosting.pace)
    loop.operations["monitoring:PutMetricAlarm"] = keeper.after
    loop.operations["monitoring:SetAlarmState"] = keeper.after
    loop.operations["monitoring:DeleteAlarms"] = keeper.after
    loop.at_reset(keeper.reset)


def ringing(region: str, names: Sequence[str]) -> list[str]:
    """Which of these alarms are in state ALARM."""
    alarms = _backend(region).alarms
    return [each for each in names if each in alarms and alarms[each].state_value == "ALARM"]


def missing(region: str, names: Sequence[str]) -> list[str]:
    """Which of these alarms do not exist."""
    return [each for each in names if each not in _backend(region).alarms]


@dataclass
class Known:
    """What the keeper last saw of an alarm."""

    alarm: Any
    changed: datetime
    forced_until: float = 0.0
    seen: int = 0  # the last period that was evaluated


class AlarmKeeper:
    """Looks at every alarm once a period."""

    def __init__(self, pace: HostingPace) -> None:
        self._pace = pace
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str], Known] = {}
        self._thread: threading.Thread | None = None

    def after(self, call: Call) -> Response:
        """Let moto change an alarm, and take note of it before the client hears."""
        environ = dict(call.http.environ)
        environ["wsgi.input"] = BytesIO(call.body)
        response = Response.from_app(call.moto, environ, buffered=True)
        with self._lock:
            self._take_note(call.region)
            if self._thread is None:
                self._thread = threading.Thread(target=self._look, daemon=True)
                self._thread.start()
        return response

    def reset(self) -> None:
        """Forget every alarm."""
        with self._lock:
            self._known.clear()

    def _take_note(self, region: str) -> None:
        """A new alarm knows nothing yet; one that is put again keeps its state, as in AWS."""
        alarms = _backend(region).alarms
        for place in [each for each in self._known if each[0] == region and each[1] not in alarms]:
            del self._known[place]
        for name, alarm in list(alarms.items()):
            known = self._known.get((region, name))
            if known is None:
                alarm.state_value = "INSUFFICIENT_DATA"
                self._known[region, name] = Known(alarm, alarm.state_updated_timestamp)
            elif known.alarm is not alarm:
                for kept in ("state_value", "state_reason", "state_updated_timestamp", "history"):
                    setattr(alarm, kept, getattr(known.alarm, kept))
                known.alarm, known.seen = alarm, 0
            elif known.changed != alarm.state_updated_timestamp:
                known.changed = alarm.state_updated_timestamp
                lasts = max(FORCED_S, self._pace.period_s(_period(alarm)))
                known.forced_until = time.monotonic() + lasts

    def _look(self) -> None:
        pause = threading.Event()
        while True:
            pause.wait(LOOK_EVERY_S)
            with self._lock:
                for (region, _), known in list(self._known.items()):
                    self._evaluate(region, known)

    def _evaluate(self, region: str, known: Known) -> None:
        """Hold the last whole periods against the threshold, once each."""
        alarm = known.alarm
        if alarm.rule is not None or time.monotonic() < known.forced_until:
            return
        period_s = self._pace.period_s(_period(alarm))
        current = math.floor(time.time() / period_s)
        if current == known.seen:
            return
        known.seen = current
        periods = range(current - alarm.evaluation_periods, current)
        try:
            series = _series(alarm, list(_backend(region).metric_data), period_s, periods)
            state = judged(alarm, [series.get(each) for each in periods])
        except Exception as error:  # whatever an alarm asks for, the others are looked at
            self._turn(known, "INSUFFICIENT_DATA", f"{type(error).__name__}: {error}")
            return
        if state and state != alarm.state_value:
            values = [round(series[each], 6) for each in periods if each in series]
            self._turn(
                known,
                state,
                f"Threshold Crossed: {len(values)} datapoints {values} of the last {len(periods)} "
                f"periods against {alarm.comparison_operator} {alarm.threshold}",
            )

    def _turn(self, known: Known, state: str, reason: str) -> None:
        if known.alarm.state_value != state:
            known.alarm.update_state(reason, "{}", state)
            known.changed = known.alarm.state_updated_timestamp


def judged(alarm: Any, values: Sequence[float | None]) -> str | None:
    """The state that the values of the last periods give; None: it stays as it is."""
    compare = COMPARISONS[alarm.comparison_operator]
    needed = int(alarm.datapoints_to_alarm or alarm.evaluation_periods)
    there = [compare(each, float(alarm.threshold)) for each in values if each is not None]
    gaps = len(values) - len(there)
    treated = alarm.treat_missing_data or "missing"
    if treated == "breaching":
        there, gaps = [*there, *[True] * gaps], 0
    elif treated == "notBreaching":
        there, gaps = [*there, *[False] * gaps], 0
    if sum(there) >= needed:
        return "ALARM"
    if not there:
        return None if treated == "ignore" else "INSUFFICIENT_DATA"
    if gaps and all(there):  # as many breach as there are, and the rest is unknown
        return None if treated == "ignore" else "ALARM"
    return "OK"


def _period(alarm: Any) -> float:
    """Seconds of AWS's; an alarm over metric math has the period of its metrics."""
    if alarm.period:
        return float(alarm.period)
    queries = alarm.metric_data_queries
    periods = [each.metric_stat.period for each in queries if each.metric_stat]
    return float(max([*periods, *(each.period for each in queries if each.period)], default=60))


def _series(alarm: Any, data: list[Any], period_s: float, periods: range) -> Series:
    """The values that an alarm watches."""
    first = periods.start
    if not alarm.metric_data_queries:
        statistic = alarm.statistic or alarm.extended_statistic
        named = frozenset((each.name, each.value) for each in alarm.dimensions)
        stat = Stat(alarm.namespace, alarm.metric_name, named, statistic, alarm.unit)
        return stat_series(data, stat, period_s, first)
    known: dict[str, Series] = {}
    left = list(alarm.metric_data_queries)
    for query in [each for each in left if each.metric_stat]:
        metric = query.metric_stat.metric
        named = frozenset((each.name, each.value) for each in metric.dimensions)
        its = query.metric_stat
        stat = Stat(metric.namespace, metric.metric_name, named, its.stat, its.unit)
        known[query.id] = stat_series(data, stat, period_s, first)
    for query in [each for each in left if not each.metric_stat]:
        known[query.id] = evaluate(query.expression, known, periods)
    returned = [each.id for each in left if each.return_data in (True, None, "true")]
    if len(returned) != 1:
        raise ValueError(f"an alarm watches one series, and {returned} have ReturnData")
    return known[returned[0]]


def _backend(region: str) -> Any:
    from moto.cloudwatch.models import cloudwatch_backends

    return cloudwatch_backends[ACCOUNT][region]
