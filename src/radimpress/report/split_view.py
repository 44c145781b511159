"""One evaluated split as the page shows it: everything the template needs, and no logic left."""

from collections.abc import Mapping
from dataclasses import dataclass

from radimpress.config.privacy import text_is_public
from radimpress.config.schema import Config
from radimpress.metrics.catalogue import Better
from radimpress.report.example_view import Example, ExampleFiles, Mention, examples, mentions
from radimpress.report.examples import Kind
from radimpress.report.interval_chart import IntervalChart, Series, interval_chart
from radimpress.report.number_table import Table, paired_tests, systems_by_metric
from radimpress.report.results import Results
from radimpress.report.slice_charts import Family, slice_families
from radimpress.report.verdict import Verdict, verdict, with_interval
from radimpress.report.vocabulary import (
    ERRORS,
    FORM,
    HEADLINE,
    metric,
    split_label,
    system,
)

TILES = ("rougeL", "clinical_f1_micro", "hallucination_rate", "omission_rate")
TESTED = ("rougeL", "clinical_f1_micro", "hallucination_rate", "omission_rate")
MARKS = 6  # different marks and colours for systems other than the candidate


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the candidate's numbers; `rival` is the best other system's."""

    label: str
    hint: str
    value: str
    interval: str
    rival: str


@dataclass(frozen=True, slots=True)
class ErrorChart:
    """The rate of one kind of error by system."""

    chart: IntervalChart
    meaning: str


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A system and its mark."""

    label: str
    style: str


@dataclass(frozen=True, slots=True)
class Filter:
    """A kind of example and how many there are."""

    kind: Kind
    count: int


@dataclass(frozen=True, slots=True)
class SplitView:
    """A split, ready to be drawn. Of `examples` and `mentions` one is empty."""

    name: str
    label: str
    reports: int
    verdict: Verdict
    tiles: tuple[Tile, ...]
    legend: tuple[LegendEntry, ...]
    headline: tuple[IntervalChart, ...]
    comparison: Table
    error_charts: tuple[ErrorChart, ...]
    errors: Table
    form: Table
    families: tuple[Family, ...]
    tests: Table | None
    examples: tuple[Example, ...]
    mentions: tuple[Mention, ...]
    filters: tuple[Filter, ...]


def styles_for(results: Results, candidate: str) -> dict[str, str]:
    """A mark a system, the same in every drawing of the page."""
    others = [name for name in results.scores if name != candidate]
    return {candidate: "candidate"} | {
        name: f"other-{i % MARKS + 1}" for i, name in enumerate(others)
    }


def split_view(
    results: Results,
    split: str,
    config: Config,
    styles: Mapping[str, str],
    files: ExampleFiles,
) -> SplitView:
    """Everything about `split`. Texts are opened only where the corpus is public."""
    settings, systems = config.evaluation, results.systems(split)
    candidate = settings.candidate
    public = text_is_public(config)
    shown = examples(files, candidate, systems, styles, settings.examples) if public else []
    named = [] if public else mentions(files, candidate, settings.examples)
    tests = results.tests.get(split)
    size = max(
        (e.n for s in systems if (e := results.estimate(s, split, "all", "rougeL"))), default=0
    )
    return SplitView(
        name=split,
        label=split_label(split),
        reports=size,
        verdict=verdict(results, split, candidate, settings.confidence, settings.min_slice),
        tiles=tuple(_tiles(results, split, candidate)),
        legend=tuple(LegendEntry(system(name).label, styles[name]) for name in systems),
        headline=tuple(_charts(results, split, ("rougeL", "clinical_f1_micro"), styles)),
        comparison=systems_by_metric(
            "Every system on every report", results, split, HEADLINE, styles
        ),
        error_charts=tuple(
            ErrorChart(chart, metric(name).meaning)
            for name, chart in zip(
                _scored(results, split, ERRORS),
                _charts(results, split, ERRORS, styles, from_zero=True),
                strict=True,
            )
        ),
        errors=systems_by_metric("Error rates by system", results, split, ERRORS, styles),
        form=systems_by_metric("The form of the outputs", results, split, FORM, styles),
        families=tuple(slice_families(results, split, candidate, styles, settings.min_slice)),
        tests=paired_tests(
            f"Difference: {system(candidate).label.lower()} minus the other",
            tests,
            TESTED,
            styles,
            1 - settings.confidence,
        )
        if tests
        else None,
        examples=tuple(shown),
        mentions=tuple(named),
        filters=tuple(_filters([*shown, *named])),
    )


def _tiles(results: Results, split: str, candidate: str) -> list[Tile]:
    tiles = []
    for name in TILES:
        kind, own = metric(name), results.estimate(candidate, split, "all", name)
        if own is None:
            continue
        others = {
            other: e.value
            for other in results.systems(split)
            if other != candidate and (e := results.estimate(other, split, "all", name))
        }
        rival = ""
        if others:
            pick = max if kind.better is Better.higher else min
            best = pick(others, key=lambda other: others[other])
            rival = f"Best other: {kind.write(others[best])}, {system(best).label.lower()}"
        value, _, interval = with_interval(kind, own).partition(" ")
        tiles.append(Tile(kind.label, kind.meaning, value, interval, rival))
    return tiles


def _scored(results: Results, split: str, names: tuple[str, ...]) -> list[str]:
    systems = results.systems(split)
    return [
        name
        for name in names
        if any(results.estimate(s, split, "all", name) is not None for s in systems)
    ]


def _charts(
    results: Results,
    split: str,
    names: tuple[str, ...],
    styles: Mapping[str, str],
    from_zero: bool = False,
) -> list[IntervalChart]:
    """A drawing a metric with one row a system."""
    found = {
        name: {
            s: e
            for s in results.systems(split)
            if (e := results.estimate(s, split, "all", name)) is not None
        }
        for name in _scored(results, split, names)
    }
    return [
        interval_chart(
            metric(name).label,
            metric(name),
            [Series("", "", False, estimates)],
            styles,
            from_zero=from_zero,
        )
        for name, estimates in found.items()
    ]


def _filters(items: list[Example | Mention]) -> list[Filter]:
    counts = {kind: sum(kind in item.kinds for item in items) for kind in Kind}
    return [Filter(kind, count) for kind, count in counts.items() if count]
