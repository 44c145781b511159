"""MLflow runs of the trials: the curves of each, from its job's log, once."""

from collections.abc import Iterable

from radimpress.cloud.jobs.lines import read_told
from radimpress.cloud.jobs.logs import JobLog
from radimpress.cloud.session import Session
from radimpress.cloud.sweeps.trials import Trial
from radimpress.config.schema import Config
from radimpress.modeling.history import LogRecord
from radimpress.tracking.lineage import read_lineage
from radimpress.tracking.live import curve_metrics
from radimpress.tracking.names import (
    EXPERIMENT_NOTE,
    SYSTEM,
    TRAINING_KEY,
    parameters,
    run_name,
    training_key,
)
from radimpress.tracking.record_lines import read_record
from radimpress.tracking.runs import find_runs
from radimpress.tracking.shared_view import shared_view
from radimpress.tracking.store import open_store

SWEEP, TRIAL = "radimpress.sweep", "radimpress.trial"


def record_trial(session: Session, config: Config, sweep: str, trial: Trial) -> str:
    """The id of the run of `trial`, whose configuration is `config`; made where there is none.

    The register stage takes it over when the same training is taken as the pipeline's own.
    """
    from mlflow.entities import Metric, Param, RunTag

    store = open_store(config.tracking)
    experiment = store.experiment(config.tracking.experiment, EXPERIMENT_NOTE, shared_view())
    for run in find_runs(store, experiment, {TRIAL: trial.job}):
        if run.info.status == "FINISHED":
            return str(run.info.run_id)
        store.client.delete_run(run.info.run_id)  # the rest of a killed client
    lineage = read_lineage(config)
    key = training_key(config, lineage.splits, lineage.foundation_sha256)
    began = store.client.create_run(experiment, run_name=run_name("finetuned", config, key))
    tags = lineage.tags() | {SWEEP: sweep, TRIAL: trial.job, TRAINING_KEY: key, SYSTEM: "finetuned"}
    now = began.info.start_time
    metrics = [
        Metric(name, value, now, record.step)
        for record in records(JobLog(session, trial.job).new_lines())
        for name, value in curve_metrics(record).items()
    ]
    store.client.log_batch(
        began.info.run_id,
        metrics=metrics[:900],  # MLflow takes 1,000 at once; a curve has some hundred points
        params=[Param(name, value) for name, value in parameters(config, "finetuned").items()],
        tags=[RunTag(name, value) for name, value in tags.items()],
    )
    store.client.set_terminated(began.info.run_id, "FINISHED")
    return str(began.info.run_id)


def records(lines: Iterable[str]) -> list[LogRecord]:
    """The training records of a log, each step once: a resumed training measures some again."""
    found: dict[int, LogRecord] = {}
    for line in lines:
        mine = read_told(line)
        if mine is not None and (record := read_record(mine)):
            found.setdefault(record.step, record)
    return [found[step] for step in sorted(found)]
