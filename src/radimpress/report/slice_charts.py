"""The slices of a split, in families, each drawn and tabled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from radimpress.metrics.significance import Estimate
from radimpress.report.interval_chart import IntervalChart, Series, interval_chart
from radimpress.report.number_table import Table, slices_by_system
from radimpress.report.results import Results
from radimpress.report.vocabulary import metric, system

METRICS = ("rougeL", "clinical_f1_micro")
CROWDED = 6  # slices; above it a drawing keeps the candidate and its strongest rival


@dataclass(frozen=True, slots=True)
class Family:
    """Slices of one kind: a drawing and a table a metric. `left_out` names systems not drawn."""

    title: str
    note: str
    charts: tuple[IntervalChart, ...]
    tables: tuple[Table, ...]


FAMILIES = (
    (
        "Normal and abnormal",
        "Abnormal: the radiologist's impression states an abnormality, certain or possible.",
        ("all", "normal", "abnormal"),
    ),
    ("Length of the findings", "Words in the findings.", ("length_",)),
    ("Source", "Where the reports came from.", ("source_",)),
    (
        "Observation",
        "Reports whose impression by the radiologist states it; one report can be in several.",
        ("observation_",),
    ),
)


def slice_families(
    results: Results, split: str, candidate: str, styles: Mapping[str, str], min_slice: int
) -> list[Family]:
    """Every family with at least two slices, in reading order."""
    named = results.slices(split)
    families = []
    for title, note, prefixes in FAMILIES:
        members = [piece for piece in named if _belongs(piece, prefixes)]
        if len(members) > 1:
            drawn, left_out = _drawn(results, split, candidate, crowded=len(members) > CROWDED)
            families.append(
                Family(
                    title,
                    f"{note} {left_out}".strip(),
                    tuple(
                        _chart(results, split, name, members, drawn, styles, min_slice)
                        for name in METRICS
                    ),
                    tuple(_table(results, split, name, members, min_slice) for name in METRICS),
                )
            )
    return families


def slice_label(name: str) -> str:
    """`abnormal`, `length_21_to_40`, `observation_pleural_effusion` as a reader meets them."""
    for prefix in ("length_", "source_", "observation_"):
        if name.startswith(prefix):
            rest = _capital(name.removeprefix(prefix).replace("_", " "))
            return f"{rest} words" if prefix == "length_" else rest
    return "All reports" if name == "all" else _capital(name)


def _belongs(name: str, prefixes: Sequence[str]) -> bool:
    return any(name.startswith(p) if p.endswith("_") else name == p for p in prefixes)


def _drawn(results: Results, split: str, candidate: str, crowded: bool) -> tuple[list[str], str]:
    """The systems to draw, and a sentence about those left out of a crowded drawing."""
    names = results.systems(split)
    others = [name for name in names if name != candidate]
    if not crowded or candidate not in names or len(others) < 2:
        return names, ""
    rival = max(others, key=lambda name: _value(results.estimate(name, split, "all", METRICS[0])))
    shown = [name for name in names if name in (candidate, rival)]
    return shown, (
        f"Drawn: the {system(candidate).label.lower()} and the strongest other system by"
        f" {metric(METRICS[0]).label}, the {system(rival).label.lower()}; the table has all."
    )


def _chart(
    results: Results,
    split: str,
    name: str,
    members: Sequence[str],
    systems: Sequence[str],
    styles: Mapping[str, str],
    min_slice: int,
) -> IntervalChart:
    groups = []
    for piece in members:
        found = _estimates(results, split, piece, name, systems)
        if found:
            count = max(e.n for e in found.values())
            reports = f"{count:,} reports" if count != 1 else "1 report"
            groups.append(Series(slice_label(piece), reports, count < min_slice, found))
    return interval_chart(metric(name).label, metric(name), groups, styles)


def _table(
    results: Results, split: str, name: str, members: Sequence[str], min_slice: int
) -> Table:
    rows = []
    for piece in members:
        found = _estimates(results, split, piece, name, results.systems(split))
        count = max((e.n for e in found.values()), default=0)
        if found:
            rows.append((f"{slice_label(piece)} ({count:,})", count < min_slice, found))
    return slices_by_system(f"{metric(name).label} by slice (reports)", metric(name), rows)


def _estimates(
    results: Results, split: str, piece: str, name: str, systems: Sequence[str]
) -> dict[str, Estimate]:
    found = {s: results.estimate(s, split, piece, name) for s in systems}
    return {s: estimate for s, estimate in found.items() if estimate is not None}


def _value(estimate: Estimate | None) -> float:
    return estimate.value if estimate is not None else -1.0


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
