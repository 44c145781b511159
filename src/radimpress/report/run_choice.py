"""Which MLflow run a name on the command line stands for."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from radimpress.config.schema import Config
from radimpress.metrics.catalogue import Columns
from radimpress.registry.versions import CHALLENGER, CHAMPION, Version, version
from radimpress.report.score_table import read_scores
from radimpress.runtime.errors import next_step
from radimpress.tracking.names import SYSTEM
from radimpress.tracking.runs import COMPLETE, find_runs
from radimpress.tracking.store import Store

if TYPE_CHECKING:
    from mlflow.entities import Run


@dataclass(frozen=True, slots=True)
class Chosen:
    """A run, and the model version by which it was named, if it was."""

    run: "Run"
    version: Version | None = None

    @property
    def label(self) -> str:
        """What tables call it: the run's name, with the version where one was named."""
        named = str(self.run.info.run_name)
        return f"version {self.version.number}: {named}" if self.version else named


def choose(store: Store, config: Config, wanted: Sequence[str]) -> list[Chosen]:
    """The runs that `wanted` names.

    A name is a run id, a run name, a system, `champion`, `challenger`, a version number or a
    `models:/` URI; a run name or a system stands for its newest complete run. None wanted: the
    newest run of each system, the candidate first. Raises RadimpressError for an unknown name and
    where there is no run yet.
    """
    tracking = config.tracking
    found = store.client.get_experiment_by_name(tracking.experiment)
    if found is None:
        raise next_step(
            f"there is no experiment {tracking.experiment!r} yet", "run `make pipeline`"
        )
    complete = find_runs(store, found.experiment_id, {COMPLETE: "true"})
    if not complete:
        raise next_step("there is no finished run to compare yet", "run `dvc repro register`")
    if wanted:
        return [_named(store, tracking.registered_model, name, complete) for name in wanted]
    newest: dict[str, Run] = {}
    for run in complete:
        newest.setdefault(run.data.tags[SYSTEM], run)
    candidate = config.evaluation.candidate
    ordered = sorted(newest.values(), key=lambda run: run.data.tags[SYSTEM] != candidate)
    return [Chosen(run) for run in ordered]


def scores_of(store: Store, chosen: Chosen, split: str) -> tuple[list[str], Columns]:
    """Study ids and numbers per report that a run keeps of `split`.

    Raises RadimpressError where it keeps none.
    """
    from mlflow.exceptions import MlflowException

    with TemporaryDirectory() as scratch:
        try:
            path = store.client.download_artifacts(
                chosen.run.info.run_id, f"scores/{split}.parquet", scratch
            )
        except (MlflowException, OSError) as error:
            raise next_step(
                f"run {chosen.run.info.run_name} holds no scores of split {split!r}",
                "name another with --split, or run `dvc repro register`",
            ) from error
        return read_scores(Path(path))


def _named(store: Store, model: str, name: str, complete: Sequence["Run"]) -> Chosen:
    for run in complete:
        if name in (run.info.run_id, run.info.run_name, run.data.tags[SYSTEM]):
            return Chosen(run)
    if name in (CHAMPION, CHALLENGER) or name.isdigit() or name.startswith("models:/"):
        found = version(store, model, name)
        return Chosen(store.client.get_run(found.run_id), found)
    known = ", ".join(sorted({run.info.run_name for run in complete})[:8])
    raise next_step(
        f"there is no finished run {name!r}",
        f"name one of: {known}; or a version number, champion or challenger",
    )
