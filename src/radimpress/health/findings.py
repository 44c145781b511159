"""What a check of the set-up found."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `radimpress doctor`; `step` says what to do unless the state is ok."""

    subject: str
    state: State
    seen: str
    step: str = ""


def ok(subject: str, seen: str) -> Finding:
    """Works."""
    return Finding(subject, "ok", seen)


def warn(subject: str, seen: str, step: str) -> Finding:
    """Works, with something to know."""
    return Finding(subject, "warn", seen, step)


def fail(subject: str, seen: str, step: str) -> Finding:
    """Does not work."""
    return Finding(subject, "fail", seen, step)
