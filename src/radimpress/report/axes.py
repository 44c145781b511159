"""A numeric axis: its range, its round ticks, and where a value falls on it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled position, in per cent of the axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Axis:
    """A linear axis from `low` to `high`; `step` lies between ticks."""

    low: float
    high: float
    step: float

    def place(self, value: float) -> float:
        """Per cent of the way from low to high, held within the axis; two decimals."""
        share = (value - self.low) / (self.high - self.low)
        return round(100 * min(1.0, max(0.0, share)), 2)

    def ticks(self, percent: bool = False) -> list[Tick]:
        """Ticks from low as far as high, labelled with as many decimals as the step needs."""
        count = math.floor((self.high - self.low) / self.step + 1e-9)
        values = [self.low + i * self.step for i in range(count + 1)]
        return [Tick(self.place(value), self._label(value, percent)) for value in values]

    def _label(self, value: float, percent: bool) -> str:
        scale = 100 if percent else 1
        decimals = max(0, -math.floor(math.log10(self.step * scale) + 1e-9))
        text = f"{value * scale:.{decimals}f}"
        return f"{text}%" if percent else text


def axis_over(
    values: Iterable[float],
    floor: float | None = None,
    ceiling: float | None = None,
    ticks: int = 5,
) -> Axis:
    """A round axis that covers the finite `values` with about `ticks` steps of 1, 2 or 5 × 10^k.

    `floor` and `ceiling` are limits of the metric that the axis does not pass.
    """
    finite = [value for value in values if math.isfinite(value)] or [0.0, 1.0]
    low, high = min(finite), max(finite)
    if high - low < 1e-9:
        low, high = low - 0.05, high + 0.05
    low = low if floor is None else max(low, floor)
    high = high if ceiling is None else min(high, ceiling)
    step = _round_step((high - low) / ticks)
    start, end = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    return Axis(start, end if end > start else start + step, step)


def _round_step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1, 2, 5, 10) if rough <= factor * power * (1 + 1e-9))
