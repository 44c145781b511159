"""One link of a model's lineage, and what was found of it here."""

from dataclasses import dataclass
from enum import Enum


class State(Enum):
    """Whether a link could be confirmed."""

    holds = "holds"
    broken = "broken"
    unchecked = "cannot be checked here"


@dataclass(frozen=True, slots=True)
class Link:
    """`value` is what was recorded (a hash, a name), `why` what was done to check it."""

    name: str
    value: str
    state: State
    why: str


def holds(name: str, value: str, why: str) -> Link:
    """Recomputed, and equal to what was recorded."""
    return Link(name, value, State.holds, why)


def broken(name: str, value: str, why: str) -> Link:
    """Recomputed, and not what was recorded; or nothing was recorded."""
    return Link(name, value, State.broken, why)


def unchecked(name: str, value: str, why: str) -> Link:
    """What it takes to check it is not on this machine."""
    return Link(name, value, State.unchecked, why)
