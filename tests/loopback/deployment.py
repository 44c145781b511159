"""How an update takes over: the steps of a DeploymentConfig, and what AWS refuses of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from loopback.call import Refusal


@dataclass(frozen=True)
class Plan:
    """Shares of the traffic for the new fleet, one after another, with a wait after each."""

    shares: tuple[float, ...] = (1.0,)
    wait_s: float = 0.0  # AWS's seconds, as all here
    termination_s: float = 0.0
    alarms: tuple[str, ...] = ()


AT_ONCE = Plan()


def plan(config: Mapping[str, Any] | None, instances: int) -> Plan:
    """The plan of a DeploymentConfig for a variant of so many instances. Raises Refusal."""
    if not config:
        return AT_ONCE
    alarms = (config.get("AutoRollbackConfiguration") or {}).get("Alarms", ())
    names = tuple(str(each["AlarmName"]) for each in alarms)
    if rolling := config.get("RollingUpdatePolicy"):
        step = _share(rolling["MaximumBatchSize"], instances, "MaximumBatchSize", 0.05)
        return Plan(_steps(step), rolling["WaitIntervalInSeconds"], 0.0, names)
    policy = config.get("BlueGreenUpdatePolicy")
    if not policy:
        return Plan(alarms=names)
    routing = policy["TrafficRoutingConfiguration"]
    made = Plan(
        _shares(routing, instances),
        routing["WaitIntervalInSeconds"],
        policy.get("TerminationWaitInSeconds") or 0,
        names,
    )
    waits = made.wait_s * len(made.shares) + made.termination_s
    most = policy.get("MaximumExecutionTimeoutInSeconds")
    if most is not None and waits > most:
        raise _refused(
            f"MaximumExecutionTimeoutInSeconds {most} is less than the {waits:g} seconds of "
            "WaitIntervalInSeconds and TerminationWaitInSeconds"
        )
    return made


def _shares(routing: Mapping[str, Any], instances: int) -> tuple[float, ...]:
    match routing["Type"]:
        case "CANARY":
            return (_share(routing.get("CanarySize"), instances, "CanarySize", 0.0), 1.0)
        case "LINEAR":
            return _steps(_share(routing.get("LinearStepSize"), instances, "LinearStepSize", 0.1))
        case _:
            return (1.0,)


def _steps(step: float) -> tuple[float, ...]:
    return tuple(min(step * (i + 1), 1.0) for i in range(ceil(1 / step - 1e-9)))


def _share(size: Mapping[str, Any] | None, instances: int, name: str, least: float) -> float:
    """A CapacitySize as a share of the capacity. Raises Refusal outside `least` to a half."""
    if size is None:
        raise _refused(f"{name} is required for this type of traffic routing")
    share = size["Value"] / (100 if size["Type"] == "CAPACITY_PERCENT" else max(instances, 1))
    if not least <= share <= 0.5:
        raise _refused(
            f"{name} is {share:.0%} of the variant's instances, expected {least:.0%} to 50%"
        )
    return float(share)


def _refused(message: str) -> Refusal:
    return Refusal("ValidationException", message)
