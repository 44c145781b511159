"""What is swept: Hydra overrides with several values, and the trials that they stand for.

`training.learning_rate=1e-4,3e-4` is a choice, `training.epochs=range(1,4)` another,
`training.learning_rate=interval(1e-5,1e-3)` a range to draw from, evenly or, written
`tag(log,interval(1e-5,1e-3))`, evenly in its logarithm. Everything else holds for every trial.
"""

import itertools
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from radimpress.runtime.errors import next_step

PLAIN = re.compile(r"[A-Za-z0-9_.+-]{1,256}")  # nothing that a shell or JSON would read otherwise
SEED = 17  # of random draws, so that the same sweep asks for the same trials


class Strategy(Enum):
    """How values are chosen."""

    grid = "grid"  # every combination
    random = "random"
    bayesian = "bayesian"  # by what the trials before have shown; SageMaker only


@dataclass(frozen=True, slots=True)
class Choice:
    """A parameter and the values it takes, as Hydra writes them."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Interval:
    """A parameter that is drawn between two numbers."""

    name: str
    low: float
    high: float
    log: bool


@dataclass(frozen=True, slots=True)
class Space:
    """What is fixed, and what is swept."""

    fixed: tuple[str, ...]
    choices: tuple[Choice, ...]
    intervals: tuple[Interval, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Every swept parameter."""
        return (*(one.name for one in self.choices), *(one.name for one in self.intervals))

    @property
    def size(self) -> int:
        """How many combinations the choices have."""
        size = 1
        for choice in self.choices:
            size *= len(choice.values)
        return size

    def grid(self) -> Iterator[dict[str, str]]:
        """Every combination of the choices, the last one changing fastest."""
        names = [choice.name for choice in self.choices]
        for values in itertools.product(*(choice.values for choice in self.choices)):
            yield dict(zip(names, values, strict=True))

    def drawn(self, trials: int) -> list[dict[str, str]]:
        """So many different combinations; all of them where there are no more."""
        every = list(self.grid())
        return every if trials >= len(every) else random.Random(SEED).sample(every, trials)

    def corners(self) -> Iterator[dict[str, str]]:
        """Every combination of the choices with either end of every interval."""
        ends = [[(one.name, repr(one.low)), (one.name, repr(one.high))] for one in self.intervals]
        for chosen in self.grid():
            for corner in itertools.product(*ends):
                yield chosen | dict(corner)


def read_space(overrides: Sequence[str]) -> Space:
    """Sort Hydra overrides into what is fixed and what is swept.

    Raises RadimpressError for one that Hydra cannot read, and where nothing is swept.
    """
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.core.override_parser.types import IntervalSweep
    from hydra.errors import HydraException

    fixed: list[str] = []
    choices: list[Choice] = []
    intervals: list[Interval] = []
    for text in overrides:
        try:
            override = OverridesParser.create().parse_override(text)
            swept = override.is_sweep_override()
            value = override.value()
            name = override.get_key_element()
            if isinstance(value, IntervalSweep):
                ends = float(value.start or 0), float(value.end or 0)
                intervals.append(Interval(name, *ends, log="log" in value.tags))
            elif swept:
                choices.append(Choice(name, _plain(name, tuple(override.sweep_string_iterator()))))
            else:
                fixed.append(text)
        except (HydraException, ValueError) as error:
            first = str(error).splitlines()[0]
            raise next_step(f"{text!r} is no override: {first}", _EXAMPLE) from error
    if not choices and not intervals:
        raise next_step("nothing is swept: no override has several values", _EXAMPLE)
    for one in intervals:
        if not one.low < one.high or (one.log and one.low <= 0):
            raise next_step(f"{one.name} runs from {one.low:g} to {one.high:g}", _EXAMPLE)
    return Space(tuple(fixed), tuple(choices), tuple(intervals))


def as_overrides(values: Mapping[str, str]) -> list[str]:
    """The values of a trial as Hydra overrides."""
    return [f"{name}={value}" for name, value in values.items()]


def _plain(name: str, values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if not PLAIN.fullmatch(value):
            raise next_step(
                f"{name}={value!r} cannot be swept", "letters, digits and _ . + - make a value"
            )
    return tuple(dict.fromkeys(values))


_EXAMPLE = "for example: radimpress sweep training.learning_rate=1e-4,3e-4"
