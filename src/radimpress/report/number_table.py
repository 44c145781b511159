"""Tables of estimates and of paired tests, as the page shows them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from radimpress.metrics.catalogue import Better
from radimpress.metrics.significance import Estimate
from radimpress.report.results import Comparison, Results
from radimpress.report.verdict import write_p
from radimpress.report.vocabulary import Metric, Unit, metric, system

ARROWS = {Better.higher: "↑", Better.lower: "↓", Better.neither: ""}
ARROW_WORDS = {
    Better.higher: "higher is better",
    Better.lower: "lower is better",
    Better.neither: "",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A heading with its explanation; `arrow` says which way is better, `way` in words."""

    label: str
    hint: str
    arrow: str
    way: str


@dataclass(frozen=True, slots=True)
class Cell:
    """`main` in large, `lines` in small under it; `mark` is "best", "better", "worse" or ""."""

    main: str
    lines: tuple[str, ...] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """`style` is the mark of a system, "" in rows that are no system."""

    label: str
    hint: str
    style: str
    cells: tuple[Cell, ...]
    small: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A captioned table whose first column is the row's label."""

    caption: str
    corner: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def systems_by_metric(
    caption: str, results: Results, split: str, metrics: Sequence[str], styles: Mapping[str, str]
) -> Table:
    """One row a system, one column a metric that some system has, over all reports of `split`.

    The best value of a column is marked, ties together; no column of one system has a best.
    """
    names = results.systems(split)
    columns = {
        name: {s: e for s in names if (e := results.estimate(s, split, "all", name)) is not None}
        for name in metrics
    }
    shown = {name: found for name, found in columns.items() if found}
    rows = [
        Row(
            system(s).label,
            system(s).meaning,
            styles[s],
            tuple(
                estimate_cell(metric(name), found.get(s), s in _best(metric(name), found))
                for name, found in shown.items()
            ),
        )
        for s in names
    ]
    return Table(caption, "System", tuple(_column(metric(name)) for name in shown), tuple(rows))


def slices_by_system(
    caption: str, kind: Metric, rows: Sequence[tuple[str, bool, Mapping[str, Estimate]]]
) -> Table:
    """One row a slice (label, whether it is small, estimates by system), one column a system."""
    names = list(dict.fromkeys(name for _, _, estimates in rows for name in estimates))
    return Table(
        caption,
        "Slice",
        tuple(Column(system(name).label, system(name).meaning, "", "") for name in names),
        tuple(
            Row(
                label,
                "",
                "",
                tuple(
                    estimate_cell(kind, estimates.get(name), name in _best(kind, estimates))
                    for name in names
                ),
                small,
            )
            for label, small, estimates in rows
        ),
    )


def paired_tests(
    caption: str,
    tests: Mapping[str, Mapping[str, Comparison]],
    metrics: Sequence[str],
    styles: Mapping[str, str],
    alpha: float,
) -> Table:
    """One row a system that the candidate was tested against, one column a metric."""
    shown = [name for name in metrics if any(name in found for found in tests.values())]
    return Table(
        caption,
        "Against",
        tuple(_column(metric(name)) for name in shown),
        tuple(
            Row(
                system(other).label,
                system(other).meaning,
                styles[other],
                tuple(_test_cell(metric(name), found.get(name), alpha) for name in shown),
            )
            for other, found in tests.items()
        ),
    )


def estimate_cell(kind: Metric, estimate: Estimate | None, best: bool = False) -> Cell:
    """A value over its interval; a dash where there is none."""
    if estimate is None:
        return Cell("–")
    lines: tuple[str, ...] = ()
    if math.isfinite(estimate.low) and math.isfinite(estimate.high):
        lines = (f"{_bare(kind, estimate.low)} to {kind.write(estimate.high)}",)
    return Cell(kind.write(estimate.value), lines, "best" if best else "")


def _test_cell(kind: Metric, test: Comparison | None, alpha: float) -> Cell:
    if test is None or not math.isfinite(test.difference):
        return Cell("–")
    mark = ""
    if test.p < alpha and test.difference != 0 and kind.better is not Better.neither:
        mark = "better" if (test.difference > 0) == (kind.better is Better.higher) else "worse"
    interval = f"{kind.write_difference(test.low)} to {kind.write_difference(test.high)}"
    counts = f"{test.wins:,} won, {test.ties:,} tied, {test.losses:,} lost"
    return Cell(kind.write_difference(test.difference), (interval, write_p(test.p), counts), mark)


def _best(kind: Metric, found: Mapping[str, Estimate]) -> set[str]:
    if kind.better is Better.neither or len(found) < 2:
        return set()
    pick = max if kind.better is Better.higher else min
    best = pick(estimate.value for estimate in found.values())
    return {name for name, estimate in found.items() if estimate.value == best}


def _column(kind: Metric) -> Column:
    return Column(kind.label, kind.meaning, ARROWS[kind.better], ARROW_WORDS[kind.better])


def _bare(kind: Metric, value: float) -> str:
    """Without the unit: "1.2 to 3.4%" needs it once."""
    text = kind.write(value)
    return text.removesuffix("%") if kind.unit is Unit.share else text
