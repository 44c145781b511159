import pytest

from radimpress.registry.evidence.latency import Latency, Ratio
from radimpress.registry.gates.speed import latency


def test_without_a_champion_the_time_is_shown_and_not_judged(evidence):
    ruling = latency(evidence(latency=Latency(40, 0.0412)))
    assert not ruling.judged
    assert ruling.value == "41 ms a report"


@pytest.mark.parametrize(("ratio", "passed"), [(1.5, True), (1.51, False)])
def test_the_budget_is_a_multiple_of_the_champions_time(evidence, ratio, passed):
    found = Latency(40, 0.06, 0.04, Ratio(ratio, 1.2, 1.8))
    ruling = latency(evidence(latency=found))
    assert ruling.passed is passed
    assert ruling.value.startswith("60 ms a report, champion 40 ms: 1.5")
    assert ruling.interval == "[1.20, 1.80] times, 40 reports"
    assert ruling.reason == ("" if passed else "slower than the budget")
