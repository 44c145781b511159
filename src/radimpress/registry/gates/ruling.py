"""What one rule says, and the result of a gate that people and records see."""

from dataclasses import dataclass

ROUNDING = 1e-9  # what reaches a limit exactly does not pass it by the last digit of a float


@dataclass(frozen=True, slots=True)
class Ruling:
    """The answer of one rule, in words ready to be read; `reason` may be "".

    A rule that cannot be asked (no champion to compare with) is not judged, and not passed.
    """

    passed: bool
    value: str
    threshold: str
    interval: str = ""
    reason: str = ""
    judged: bool = True


@dataclass(frozen=True, slots=True)
class GateResult:
    """A ruling under its gate's name."""

    name: str
    passed: bool
    value: str
    threshold: str
    interval: str
    reason: str
    judged: bool = True
    overridable: bool = True


def not_judged(value: str, reason: str, threshold: str = "", interval: str = "") -> Ruling:
    """What is measured and shown, and decides nothing."""
    return Ruling(False, value, threshold, interval, f"not judged: {reason}", judged=False)
