"""Streams a training to MLflow while it runs; a broken server never stops the training."""

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from radimpress.config.schema import Config
from radimpress.modeling.history import LogRecord
from radimpress.tracking import record_lines
from radimpress.tracking.lineage import read_lineage, sent_tags
from radimpress.tracking.names import (
    EXPERIMENT_NOTE,
    KEY,
    SYSTEM,
    TRAINING_KEY,
    parameters,
    run_name,
    training_key,
)
from radimpress.tracking.runs import find_runs
from radimpress.tracking.shared_view import shared_view
from radimpress.tracking.store import REACHED, Store, open_store


def curve_metrics(record: LogRecord) -> dict[str, float]:
    """The named values of one record: `train/loss`, `val/loss`, `train/learning_rate`, ..."""
    values = {
        "train/loss": record.train_loss,
        "val/loss": record.validation_loss,
        "train/learning_rate": record.learning_rate,
        "train/tokens_per_second": record.tokens_per_second,
    }
    return {name: value for name, value in values.items() if value is not None}


@contextmanager
def training_run(config: Config, workspace: Path = Path()) -> Iterator[Callable[[LogRecord], None]]:
    """Open (or, after a kill, reopen) the run of this training; give the function that logs to it.

    The run ends FINISHED, FAILED, or KILLED on Ctrl-C. Where the store does not answer, that is
    said once, training goes on, and the register stage writes the curves later. In a job each
    record is printed; where the job cannot reach the store, whoever follows its log keeps the run.
    """
    tell = _print_line if record_lines.wanted() else _nothing
    if record_lines.wanted() and REACHED not in os.environ:
        yield tell
        return
    lineage = read_lineage(config, workspace)
    key = training_key(config, lineage.splits, lineage.foundation_sha256)
    writer = _Writer()
    writer.guarded(lambda: writer.open(config, key, lineage.tags() | sent_tags(workspace)))

    def log(record: LogRecord) -> None:
        tell(record)
        writer.guarded(lambda: writer.log(record))

    try:
        yield log
    except BaseException as error:
        status = "KILLED" if isinstance(error, KeyboardInterrupt) else "FAILED"
        writer.guarded(lambda: writer.close(status))
        raise
    writer.guarded(lambda: writer.close("FINISHED"))


def _print_line(record: LogRecord) -> None:
    print(record_lines.record_line(record), flush=True)


def _nothing(_: LogRecord) -> None:
    """Who looks at this process sees its progress bar."""


class _Writer:
    def __init__(self) -> None:
        self.store: Store | None = None
        self.run = ""
        self.broken = False
        self.last_step = -1  # that the reopened run holds

    def open(self, config: Config, key: str, tags: Mapping[str, str]) -> None:
        store = open_store(config.tracking)
        experiment = store.experiment(config.tracking.experiment, EXPERIMENT_NOTE, shared_view())
        unfinished = [
            run
            for run in find_runs(store, experiment, {TRAINING_KEY: key})
            if run.info.status != "FINISHED" and KEY not in run.data.tags
        ]
        if unfinished:
            self.run = unfinished[0].info.run_id
            store.client.update_run(self.run, status="RUNNING")
            points = store.client.get_metric_history(self.run, "train/loss")
            self.last_step = max((point.step for point in points), default=-1)
        else:
            name = run_name("finetuned", config, key)
            self.run = store.client.create_run(experiment, run_name=name).info.run_id
        for tag, value in {**tags, TRAINING_KEY: key, SYSTEM: "finetuned"}.items():
            store.client.set_tag(self.run, tag, value)
        for param, value in parameters(config, "finetuned").items():
            store.client.log_param(self.run, param, value)
        self.store = store

    def log(self, record: LogRecord) -> None:
        from mlflow.entities import Metric

        if self.store and record.step > self.last_step:
            now = int(time.time() * 1000)
            values = curve_metrics(record).items()
            metrics = [Metric(name, value, now, record.step) for name, value in values]
            self.store.client.log_batch(self.run, metrics=metrics)

    def close(self, status: str) -> None:
        if self.store:
            self.store.client.set_terminated(self.run, status)

    def guarded(self, action: Callable[[], None]) -> None:
        if self.broken:
            return
        try:
            action()
        except Exception as error:
            self.broken = True
            print(
                f"warning: MLflow does not answer ({type(error).__name__}); training goes on, "
                "the register stage will write its curves",
                file=sys.stderr,
            )
