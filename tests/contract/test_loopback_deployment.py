from typing import Any

import pytest

from loopback.call import Refusal
from loopback.deployment import AT_ONCE, Plan, plan


def blue_green(routing: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing} | more}


def size(kind: str, value: int) -> dict[str, Any]:
    return {"Type": kind, "Value": value}


@pytest.mark.parametrize(
    ("routing", "instances", "shares"),
    [
        ({"Type": "ALL_AT_ONCE"}, 1, (1.0,)),
        ({"Type": "CANARY", "CanarySize": size("CAPACITY_PERCENT", 20)}, 1, (0.2, 1.0)),
        ({"Type": "CANARY", "CanarySize": size("INSTANCE_COUNT", 1)}, 4, (0.25, 1.0)),
        (
            {"Type": "LINEAR", "LinearStepSize": size("CAPACITY_PERCENT", 25)},
            1,
            (0.25, 0.5, 0.75, 1.0),
        ),
        (
            {"Type": "LINEAR", "LinearStepSize": size("INSTANCE_COUNT", 1)},
            3,
            pytest.approx((1 / 3, 2 / 3, 1.0)),
        ),
    ],
)
def test_traffic_moves_in_the_steps_of_the_routing(
    routing: dict[str, Any], instances: int, shares: tuple[float, ...]
) -> None:
    made = plan(
        blue_green(routing | {"WaitIntervalInSeconds": 60}, TerminationWaitInSeconds=30), instances
    )
    assert made.shares == shares
    assert (made.wait_s, made.termination_s) == (60, 30)


def test_without_a_policy_everything_moves_at_once_but_alarms_are_heeded() -> None:
    assert plan(None, 1) == AT_ONCE
    alarms = {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "a"}]}}
    assert plan(alarms, 1) == Plan(alarms=("a",))


def test_a_rolling_update_moves_in_batches() -> None:
    policy = {"MaximumBatchSize": size("CAPACITY_PERCENT", 50), "WaitIntervalInSeconds": 10}
    assert plan({"RollingUpdatePolicy": policy}, 1).shares == (0.5, 1.0)


@pytest.mark.parametrize(
    ("routing", "more", "words"),
    [
        ({"Type": "CANARY", "CanarySize": size("CAPACITY_PERCENT", 51)}, {}, "CanarySize is 51%"),
        ({"Type": "CANARY", "CanarySize": size("INSTANCE_COUNT", 1)}, {}, "CanarySize is 100%"),
        (
            {"Type": "LINEAR", "LinearStepSize": size("CAPACITY_PERCENT", 9)},
            {},
            "LinearStepSize is 9%",
        ),
        ({"Type": "LINEAR"}, {}, "LinearStepSize is required"),
        (
            {"Type": "CANARY", "CanarySize": size("CAPACITY_PERCENT", 10)},
            {"MaximumExecutionTimeoutInSeconds": 600},
            "600 is less than the 800 seconds",
        ),
    ],
)
def test_what_aws_documents_as_impossible_is_refused(
    routing: dict[str, Any], more: dict[str, Any], words: str
) -> None:
    given = blue_green(routing | {"WaitIntervalInSeconds": 400}, **more)
    with pytest.raises(Refusal, match=words):
        plan(given, 1)
