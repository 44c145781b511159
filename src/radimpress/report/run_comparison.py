"""`radimpress compare`: MLflow runs in a table, each tested against the first, report by report."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
from rich import box
from rich.table import Table

from radimpress.config.schema import Config
from radimpress.metrics.catalogue import METRICS, Columns
from radimpress.metrics.comparison import Comparison, compare
from radimpress.metrics.significance import Resampling
from radimpress.report.score_table import read_scores
from radimpress.report.verdict import write_p
from radimpress.report.vocabulary import metric
from radimpress.runtime.errors import next_step
from radimpress.tracking.names import SYSTEM
from radimpress.tracking.runs import COMPLETE, find_runs
from radimpress.tracking.store import Store, open_store

if TYPE_CHECKING:
    from mlflow.entities import Run

TESTED = ("rougeL", "clinical_f1_micro", "hallucination_rate", "contradiction_rate")
MODEL = re.compile(r"^models:/(?P<name>[^/@]+)(@(?P<alias>.+)|/(?P<version>\d+))$")


@dataclass(frozen=True, slots=True)
class Scored:
    """A run and what it scored, report by report."""

    run: "Run"
    studies: list[str]
    columns: Columns


def compare_runs(config: Config, wanted: Sequence[str], split: str) -> Table:
    """The table for `wanted` runs (see `choose`), on the reports of `split` that all of them have.

    Raises RadimpressError for an unknown run, one without scores on `split`, and runs that share
    no report.
    """
    store = open_store(config.tracking)
    found = store.client.get_experiment_by_name(config.tracking.experiment)
    if found is None:
        raise next_step(
            f"there is no experiment {config.tracking.experiment!r} yet", "run `make pipeline`"
        )
    runs = choose(store, found.experiment_id, wanted, config.evaluation.candidate)
    scored = [_scored(store, run, split) for run in runs]
    common = sorted(set.intersection(*(set(s.studies) for s in scored)))
    if not common:
        raise next_step(
            f"these runs share no report of split {split!r}", "compare runs of one corpus and split"
        )
    columns = [_rows(s, common) for s in scored]
    resampling = Resampling(
        config.evaluation.bootstrap_samples, config.evaluation.confidence, config.seed
    )
    tests = [compare(columns[0], other, resampling) for other in columns[1:]]
    return _table(scored, columns, tests, split, len(common))


def choose(store: Store, experiment: str, wanted: Sequence[str], candidate: str) -> list["Run"]:
    """The runs that `wanted` names: run ids, run names, systems or `models:/NAME@ALIAS`.

    A name or a system stands for its newest complete run. None wanted: the newest run of each
    system, the candidate first.
    """
    complete = find_runs(store, experiment, {COMPLETE: "true"})
    if not complete:
        raise next_step("there is no finished run to compare yet", "run `dvc repro register`")
    if wanted:
        return [_named(store, name, complete) for name in wanted]
    newest: dict[str, Run] = {}
    for run in complete:
        newest.setdefault(run.data.tags[SYSTEM], run)
    return sorted(newest.values(), key=lambda run: run.data.tags[SYSTEM] != candidate)


def _named(store: Store, name: str, complete: Sequence["Run"]) -> "Run":
    from mlflow.exceptions import MlflowException

    if matched := MODEL.match(name):
        model, alias, version = matched["name"], matched["alias"], matched["version"]
        try:
            found = (
                store.client.get_model_version_by_alias(model, alias)
                if alias
                else store.client.get_model_version(model, version)
            )
            return store.client.get_run(str(found.run_id))
        except MlflowException as error:
            raise next_step(f"{name} is not registered", "see the Models page of the UI") from error
    for run in complete:
        if name in (run.info.run_id, run.info.run_name, run.data.tags[SYSTEM]):
            return run
    known = ", ".join(sorted({run.info.run_name for run in complete})[:8])
    raise next_step(f"there is no finished run {name!r}", f"name one of: {known}")


def _scored(store: Store, run: "Run", split: str) -> Scored:
    from mlflow.exceptions import MlflowException

    with TemporaryDirectory() as scratch:
        try:
            path = store.client.download_artifacts(
                run.info.run_id, f"scores/{split}.parquet", scratch
            )
        except (MlflowException, OSError) as error:
            raise next_step(
                f"run {run.info.run_name} holds no scores of split {split!r}",
                "name another with --split, or run `dvc repro register`",
            ) from error
        return Scored(run, *read_scores(Path(path)))


def _rows(scored: Scored, studies: Sequence[str]) -> Columns:
    place = {study: row for row, study in enumerate(scored.studies)}
    rows = np.array([place[study] for study in studies])
    return {name: column[rows] for name, column in scored.columns.items()}


def _table(
    scored: Sequence[Scored],
    columns: Sequence[Columns],
    tests: Sequence[dict[str, Comparison]],
    split: str,
    reports: int,
) -> Table:
    statistics = {m.name: m for m in METRICS}
    table = Table(
        title=f"{split}, {reports:,} reports that every run has",
        caption=f"Δ: {scored[0].run.info.run_name} minus the run; p: paired bootstrap over reports",
        box=box.SIMPLE_HEAD,
    )
    table.add_column("run", no_wrap=True)
    for name in TESTED:
        table.add_column(
            f"{metric(name).label}\nΔ\np", justify="right", min_width=9, overflow="fold"
        )
    for index, (side, values) in enumerate(zip(scored, columns, strict=True)):
        cells = []
        for name in TESTED:
            chosen = statistics[name]
            sums = np.array([values[column].sum() for column in chosen.columns])
            text = metric(name).write(float(chosen.statistic(sums)))
            if index and (test := tests[index - 1].get(name)):
                difference = metric(name).write_difference(test.test.difference)
                text += f"\n{difference}\n{write_p(test.test.p)}"
            cells.append(text)
        table.add_row(str(side.run.info.run_name), *cells, style="" if index else "bold")
    return table
