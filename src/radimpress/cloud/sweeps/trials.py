"""The trials of a tuning job, with what they tried and how well that went."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from radimpress.cloud.refusals import spoken
from radimpress.cloud.session import Session

if TYPE_CHECKING:
    from rich.table import Table


@dataclass(frozen=True, slots=True)
class Trial:
    """One training job of a tuner. `loss` is the best validation loss in nats a token, or None.

    `reason` is the container's own, of a failure.
    """

    job: str
    values: dict[str, str]
    status: str
    loss: float | None
    minutes: float | None
    reason: str = ""


def read_trials(session: Session, tuning_job: str) -> list[Trial]:
    """Every trial, the best first, those without a loss last."""
    client = session.client("sagemaker")
    with spoken(f"list the trainings of {tuning_job}"):
        pages = client.get_paginator("list_training_jobs_for_hyper_parameter_tuning_job").paginate(
            HyperParameterTuningJobName=tuning_job
        )
        told = [one for page in pages for one in page["TrainingJobSummaries"]]
    trials = []
    for one in told:
        score = one.get("FinalHyperParameterTuningJobObjectiveMetric")
        span = one.get("TrainingStartTime"), one.get("TrainingEndTime")
        minutes = (span[1] - span[0]).total_seconds() / 60 if span[0] and span[1] else None
        values = {name: value.strip('"') for name, value in one["TunedHyperParameters"].items()}
        trials.append(
            Trial(
                one["TrainingJobName"],
                values,
                one["TrainingJobStatus"],
                float(score["Value"]) if score else None,
                minutes,
                one.get("FailureReason", ""),
            )
        )
    return sorted(trials, key=lambda t: (t.loss is None, t.loss or 0.0, t.job))


def table(trials: Sequence[Trial], names: Sequence[str]) -> "Table":
    """The trials side by side, the best one first."""
    from rich.table import Table

    made = Table("", *names, "validation loss", "minutes", "training job", box=None)
    for number, trial in enumerate(trials):
        made.add_row(
            "best" if number == 0 and trial.loss is not None else "",
            *(trial.values.get(name, "") for name in names),
            f"{trial.loss:.5f}" if trial.loss is not None else trial.status.lower(),
            f"{trial.minutes:.1f}" if trial.minutes is not None else "",
            trial.job,
        )
    return made
