"""What a run shows in the MLflow UI beside its metrics: its note, and tables without text."""

from collections.abc import Iterator, Mapping
from typing import Any

from radimpress.config.schema import Config
from radimpress.report.number_table import ARROWS
from radimpress.report.verdict import write_p
from radimpress.report.vocabulary import ERRORS, Metric, metric, split_label, system
from radimpress.report.vocabulary import HEADLINE as QUALITY
from radimpress.tracking.names import HEADLINE

TABLED = (*QUALITY, *ERRORS)
MARGIN = "&emsp;"
Table = dict[str, list[Any]]


def note(config: Config, name: str, splits: Mapping[str, Any], tests: Mapping[str, Any]) -> str:
    """The description of the run of system `name`: its scores, and what it gains on the others.

    `splits` is its part of metrics.json; `tests` is the `splits` of comparisons.json, whose
    differences are the candidate's, so {} for every other run.
    """
    lines = []
    kinds = [metric(headline) for headline in HEADLINE]
    for split, slices in splits.items():
        size = slices["all"]["rougeL"]["n"]
        lines += [
            row(
                f"{split_label(split)}, {size:,} reports",
                *(f"{kind.label} {ARROWS[kind.better]}" for kind in kinds),
            ),
            "| --- |" + " --- |" * len(kinds),
            row("**this run**", *(_value(kind, slices["all"].get(kind.name)) for kind in kinds)),
        ]
        for other, found in tests.get(split, {}).items():
            cells = [difference(kind, found.get(kind.name)) for kind in kinds]
            lines.append(row(f"minus {other}", *cells))
        lines.append("")
    lines += [
        f"**{system(name).label}** on corpus **{config.data.name}** ({config.data.access.value}). "
        f"{system(name).meaning}",
        "",
        "Brackets: 95% bootstrap intervals; p: paired bootstrap over the same reports.",
    ]
    return "\n".join(lines)


def score_table(splits: Mapping[str, Any]) -> Table:
    """`scores.json`: a row a split, slice and metric, for the side-by-side view of several runs."""
    rows = [
        (split, piece, kind.label, found[kind.name])
        for split, slices in splits.items()
        for piece, found in slices.items()
        for kind in map(metric, TABLED)
        if kind.name in found
    ]
    return {
        "split": [row[0] for row in rows],
        "slice": [row[1] for row in rows],
        "metric": [row[2] for row in rows],
        **{name: [row[3][name] for row in rows] for name in ("value", "low", "high")},
        "reports": [row[3]["n"] for row in rows],
    }


def difference_table(tests: Mapping[str, Any]) -> Table:
    """`differences.json`: the candidate minus each other system, with interval, p and counts."""
    rows = list(_tested(tests))
    return {
        "split": [row[0] for row in rows],
        "against": [row[1] for row in rows],
        "metric": [row[2].label for row in rows],
        "better": [row[2].better.value for row in rows],
        **{n: [row[3][n] for row in rows] for n in ("difference", "low", "high", "p")},
        **{n: [row[3][n] for row in rows] for n in ("wins", "ties", "losses")},
        "reports": [row[3]["n"] for row in rows],
    }


def _tested(tests: Mapping[str, Any]) -> Iterator[tuple[str, str, Metric, Mapping[str, Any]]]:
    for split, systems in tests.items():
        for other, found in systems.items():
            for name in TABLED:
                if name in found:
                    yield split, other, metric(name), found[name]


def row(*cells: str) -> str:
    """A line of a Markdown table; MLflow draws cells without a margin, so each brings its own."""
    return f"| {' | '.join(f'{cell}{MARGIN}' for cell in cells)} |"


def _value(kind: Metric, found: Mapping[str, float] | None) -> str:
    if found is None:
        return "–"
    bounds = f"[{kind.write(found['low'])}, {kind.write(found['high'])}]"
    return f"{kind.write(found['value'])} {bounds}"


def difference(kind: Metric, found: Mapping[str, float] | None) -> str:
    """A difference and its p, as in a cell; a dash where nothing was tested."""
    if found is None:
        return "–"
    return f"{kind.write_difference(found['difference'])}, {write_p(found['p'])}"
