"""Geometry of a dot-and-interval chart: one band of rows a group, one row a system.

Positions across are per cent, down are pixels, so the drawing keeps its text size at every width.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from radimpress.metrics.significance import Estimate
from radimpress.report.axes import Axis, Tick, axis_over
from radimpress.report.verdict import with_interval
from radimpress.report.vocabulary import Metric, Unit, system

ROW, HEADING, GAP, TOP, AXIS = 18, 20, 8, 6, 22  # pixels
PLOT = (4.0, 96.0)  # where the plot starts and ends across the drawing, in per cent
PLOT_LABELLED = (44.0, 84.0)  # rows without a heading carry a label before it, a value behind it


@dataclass(frozen=True, slots=True)
class Mark:
    """A dot with its whisker. `style` is the system's mark and colour."""

    style: str
    label: str
    value: str
    text: str
    x: float
    low: float
    high: float
    y: float


@dataclass(frozen=True, slots=True)
class Group:
    """The rows under one heading; `note` stands behind it (the number of reports)."""

    heading: str
    note: str
    small: bool
    y: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class IntervalChart:
    """Everything the template draws; `floor` is the height of the axis below the groups."""

    title: str
    description: str
    labelled: bool  # rows carry the system's name; otherwise the legend tells
    left: float
    right: float
    groups: tuple[Group, ...]
    ticks: tuple[Tick, ...]
    floor: float
    height: float


@dataclass(frozen=True, slots=True)
class Series:
    """The estimates of one group by system, before they are drawn."""

    heading: str
    note: str
    small: bool
    estimates: Mapping[str, Estimate]


def interval_chart(
    title: str,
    kind: Metric,
    groups: Sequence[Series],
    styles: Mapping[str, str],
    from_zero: bool = False,
) -> IntervalChart:
    """Lay out `groups`; systems that a group has no estimate for leave no row.

    The axis covers the intervals, from zero where asked for. Rows are labelled by name where no
    group has a heading.
    """
    labelled = not any(group.heading for group in groups)
    plot = PLOT_LABELLED if labelled else PLOT
    axis = _axis(kind, [e for group in groups for e in group.estimates.values()], from_zero)
    drawn, y = [], float(TOP)
    for group in groups:
        first = y + (0 if labelled else HEADING)
        marks = tuple(
            _mark(axis, plot, kind, name, estimate, styles[name], first + (i + 0.5) * ROW)
            for i, (name, estimate) in enumerate(group.estimates.items())
        )
        drawn.append(Group(group.heading, group.note, group.small, y + 13, marks))
        y = first + len(marks) * ROW + GAP
    ticks = [
        Tick(_across(plot, tick.at), tick.label) for tick in axis.ticks(kind.unit is Unit.share)
    ]
    return IntervalChart(
        title,
        _describe(kind, groups),
        labelled,
        *plot,
        tuple(drawn),
        tuple(ticks),
        y,
        y + AXIS,
    )


def _axis(kind: Metric, estimates: Sequence[Estimate], from_zero: bool) -> Axis:
    numbers = [number for e in estimates for number in (e.value, e.low, e.high)]
    numbers += [0.0] * from_zero
    ceiling = None if kind.unit is Unit.ratio else 1.0
    return axis_over(numbers, floor=0.0, ceiling=ceiling)


def _mark(
    axis: Axis,
    plot: tuple[float, float],
    kind: Metric,
    name: str,
    estimate: Estimate,
    style: str,
    y: float,
) -> Mark:
    x = _across(plot, axis.place(estimate.value))
    known = math.isfinite(estimate.low) and math.isfinite(estimate.high)
    low = _across(plot, axis.place(estimate.low)) if known else x
    high = _across(plot, axis.place(estimate.high)) if known else x
    label = system(name).label
    text = f"{label}: {with_interval(kind, estimate)}"
    return Mark(style, label, kind.write(estimate.value), text, x, low, high, y)


def _across(plot: tuple[float, float], percent: float) -> float:
    left, right = plot
    return round(left + percent * (right - left) / 100, 2)


def _describe(kind: Metric, groups: Sequence[Series]) -> str:
    """A sentence for those who cannot see the drawing; the numbers stand in a table below it."""
    systems = list(dict.fromkeys(name for group in groups for name in group.estimates))
    named = ", ".join(system(name).label for name in systems)
    headings = ", ".join(group.heading for group in groups if group.heading)
    over = f" for {headings}" if headings else ""
    return f"{kind.label} with confidence intervals of {named}{over}. The table has the numbers."
