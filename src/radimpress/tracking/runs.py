"""Writes finished records to MLflow: one run a key, however often it is asked for."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from radimpress.tracking.names import KEY, SYSTEM, TRAINING_KEY
from radimpress.tracking.store import Store

if TYPE_CHECKING:
    from mlflow.entities import Run

COMPLETE = "radimpress.complete"
DIRTY = "radimpress.git_dirty"
BATCH = 900  # MLflow takes at most 1,000 metrics in one request


@dataclass(frozen=True)
class Point:
    """One value of a curve."""

    metric: str
    value: float
    step: int


@dataclass(frozen=True)
class RunRecord:
    """Everything MLflow is told about one system."""

    system: str
    name: str
    key: str
    params: Mapping[str, str]
    metrics: Mapping[str, float]
    tags: Mapping[str, str]
    note: str
    datasets: Mapping[str, str] = field(default_factory=dict)  # split name -> digest
    curves: tuple[Point, ...] = ()
    artifacts: tuple[tuple[Path, str], ...] = ()  # local file, folder among the artifacts
    texts: Mapping[str, str] = field(default_factory=dict)  # artifact file -> its content
    tables: Mapping[str, Mapping[str, list[Any]]] = field(default_factory=dict)  # file -> columns
    training_key: str = ""


def ensure_run(store: Store, experiment: str, record: RunRecord) -> str:
    """The id of the run that holds `record`; written only if no complete run has its key.

    A run left behind half-written by a kill is written again from the start. A training run of the
    same training (live curves) that holds no record yet is taken over rather than doubled. A run
    made with uncommitted changes takes the lineage of the commit that has them, once there is one.
    """
    for run in find_runs(store, experiment, {KEY: record.key}):
        if run.data.tags.get(COMPLETE) == "true":
            if cleaner(run.data.tags, record.tags):
                _renew(store, run.info.run_id, record)
            return str(run.info.run_id)
        store.client.delete_run(run.info.run_id)
    identity = _adopt(store, experiment, record) or _create(store, experiment, record)
    _write(store, identity, record)
    return identity


def cleaner(old: Mapping[str, str], new: Mapping[str, str]) -> bool:
    """Whether `new` tags name a clean commit for the same content where `old` ones do not."""
    return old.get(DIRTY) == "true" and new.get(DIRTY) == "false"


def find_runs(store: Store, experiment: str, tags: Mapping[str, str]) -> list["Run"]:
    """The active runs of an experiment that carry all of `tags`, newest first."""
    query = " and ".join(f"tags.`{name}` = '{value}'" for name, value in tags.items())
    return list(
        store.client.search_runs([experiment], query, order_by=["attributes.start_time DESC"])
    )


def _adopt(store: Store, experiment: str, record: RunRecord) -> str | None:
    if not record.training_key:
        return None
    for run in find_runs(store, experiment, {TRAINING_KEY: record.training_key}):
        if KEY not in run.data.tags:
            return str(run.info.run_id)
    return None


def _create(store: Store, experiment: str, record: RunRecord) -> str:
    run = store.client.create_run(experiment, run_name=record.name)
    identity = str(run.info.run_id)
    _log_points(store, identity, record.curves)
    return identity


def _renew(store: Store, identity: str, record: RunRecord) -> None:
    for name, text in record.texts.items():
        store.client.log_text(identity, text, name)
    for name, value in record.tags.items():
        store.client.set_tag(identity, name, value)


def _write(store: Store, identity: str, record: RunRecord) -> None:
    from mlflow.entities import Dataset, DatasetInput, InputTag, Param, RunTag

    tags = {
        **record.tags,
        KEY: record.key,
        SYSTEM: record.system,
        "mlflow.runName": record.name,
        "mlflow.note.content": record.note,
    }
    if record.training_key:
        tags[TRAINING_KEY] = record.training_key
    client = store.client
    client.log_batch(
        identity,
        params=[Param(name, value) for name, value in record.params.items()],
        tags=[RunTag(name, value) for name, value in tags.items()],
    )
    _log_points(store, identity, [Point(n, v, 0) for n, v in record.metrics.items()])
    inputs = [
        DatasetInput(
            Dataset(name, digest, source_type="dvc", source=f"data/splits/{name}.parquet"),
            [InputTag("mlflow.data.context", name)],
        )
        for name, digest in record.datasets.items()
    ]
    client.log_inputs(identity, inputs)
    for path, folder in record.artifacts:
        client.log_artifact(identity, str(path), folder or None)
    for name, text in record.texts.items():
        client.log_text(identity, text, name)
    for name, columns in record.tables.items():
        client.log_table(identity, dict(columns), name)
    client.set_tag(identity, COMPLETE, "true")
    if client.get_run(identity).info.status == "RUNNING":
        client.set_terminated(identity, "FINISHED")


def _log_points(store: Store, identity: str, points: "tuple[Point, ...] | list[Point]") -> None:
    from mlflow.entities import Metric

    now = int(time.time() * 1000)
    metrics = [Metric(p.metric, p.value, now, p.step) for p in points]
    for start in range(0, len(metrics), BATCH):
        store.client.log_batch(identity, metrics=metrics[start : start + BATCH])
