"""`radimpress compare` of several runs: each tested against the first, report by report."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from rich import box
from rich.markup import escape
from rich.table import Table

from radimpress.config.schema import Config
from radimpress.metrics.catalogue import BY_NAME, Columns
from radimpress.metrics.comparison import Comparison, compare
from radimpress.metrics.significance import Resampling
from radimpress.report.run_choice import Chosen, choose, scores_of
from radimpress.report.verdict import write_p
from radimpress.report.vocabulary import metric
from radimpress.runtime.errors import next_step
from radimpress.tracking.store import open_store

TESTED = ("rougeL", "clinical_f1_micro", "hallucination_rate", "contradiction_rate")


@dataclass(frozen=True, slots=True)
class Row:
    """A run: its values over the common reports, and the first run's tests against it."""

    label: str
    run_id: str
    values: Mapping[str, float]
    tests: Mapping[str, Comparison]


@dataclass(frozen=True, slots=True)
class RunComparison:
    """The rows, the first of which is what the others are tested against."""

    split: str
    reports: int
    rows: tuple[Row, ...]


def compare_runs(config: Config, wanted: Sequence[str], split: str) -> RunComparison:
    """Compare `wanted` runs (see `choose`) on the reports of `split` that all of them have.

    Raises RadimpressError for an unknown run, one without scores on `split`, and runs that share
    no report.
    """
    store = open_store(config.tracking)
    runs = choose(store, config, wanted)
    scored = [scores_of(store, run, split) for run in runs]
    common = common_studies([studies for studies, _ in scored], split)
    columns = [rows_of(studies, columns, common) for studies, columns in scored]
    resampling = Resampling(
        config.evaluation.bootstrap_samples, config.evaluation.confidence, config.seed
    )
    tests: list[dict[str, Comparison]] = [{}]
    tests += [compare(columns[0], other, resampling) for other in columns[1:]]
    rows = map(_row, runs, columns, tests)
    return RunComparison(split, len(common), tuple(rows))


def common_studies(sides: Sequence[Sequence[str]], split: str) -> list[str]:
    """The study ids that all sides have, sorted. Raises RadimpressError for none."""
    common = sorted(set.intersection(*(set(studies) for studies in sides)))
    if not common:
        raise next_step(
            f"they share no report of split {split!r}", "compare runs of one corpus and split"
        )
    return common


def rows_of(studies: Sequence[str], columns: Columns, wanted: Sequence[str]) -> Columns:
    """The rows of `columns` that belong to `wanted` studies, in that order."""
    place = {study: row for row, study in enumerate(studies)}
    rows = np.array([place[study] for study in wanted])
    return {name: column[rows] for name, column in columns.items()}


def value_of(name: str, columns: Columns) -> float:
    """A metric over all rows of `columns`; NaN where it has no value or its columns are absent."""
    chosen = BY_NAME[name]
    if any(column not in columns for column in chosen.columns):
        return float("nan")
    return float(chosen.statistic(chosen.table(columns).sum(axis=0)))


def as_table(compared: RunComparison) -> Table:
    """A row a run, made for 80 columns."""
    first = escape(compared.rows[0].label)
    table = Table(
        title=f"{compared.split}, {compared.reports:,} reports that every run has",
        caption=f"Δ: {first} minus the run; p: paired bootstrap over reports",
        box=box.SIMPLE_HEAD,
    )
    table.add_column("run", no_wrap=True)
    for name in TESTED:
        table.add_column(
            f"{metric(name).label}\nΔ\np", justify="right", min_width=9, overflow="fold"
        )
    for index, row in enumerate(compared.rows):
        cells = []
        for name in TESTED:
            text = metric(name).write(row.values[name])
            if test := row.tests.get(name):
                difference = metric(name).write_difference(test.test.difference)
                text += f"\n{difference}\n{write_p(test.test.p)}"
            cells.append(text)
        table.add_row(escape(row.label), *cells, style="" if index else "bold")
    return table


def as_dict(compared: RunComparison) -> dict[str, Any]:
    """`{"split", "reports", "runs": [{"name", "run_id", "values", "first_minus_this"}]}`."""
    return {
        "split": compared.split,
        "reports": compared.reports,
        "runs": [
            {
                "name": row.label,
                "run_id": row.run_id,
                "values": {k: v for k, v in row.values.items() if np.isfinite(v)},
                "first_minus_this": {name: flat(test) for name, test in row.tests.items()},
            }
            for row in compared.rows
        ],
    }


def flat(comparison: Comparison) -> dict[str, float | int]:
    """A comparison, flat."""
    counts = {k: v for k, v in asdict(comparison).items() if k != "test"}
    return {**asdict(comparison.test), **counts}


def _row(chosen: Chosen, columns: Columns, tests: Mapping[str, Comparison]) -> Row:
    values = {name: value_of(name, columns) for name in BY_NAME}
    return Row(chosen.label, str(chosen.run.info.run_id), values, tests)
