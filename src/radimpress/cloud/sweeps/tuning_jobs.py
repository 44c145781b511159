"""Tuning jobs: found again by what they try, started, watched to their end, stopped."""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from radimpress.cloud.jobs.follower import LOOPBACK_POLL_S
from radimpress.cloud.jobs.search import RUNNING
from radimpress.cloud.refusals import error_code, spoken
from radimpress.cloud.session import Session
from radimpress.cloud.tags import KEY, tagged
from radimpress.runtime.errors import next_step

POLL_S = 30.0
TAKEN = "ResourceInUse"
PROJECT_LETTERS, KEY_LETTERS = 12, 10  # AWS gives the names of tuning jobs 32 characters


@dataclass(frozen=True, slots=True)
class Tuning:
    """A tuning job. `status` and `reason` are AWS's words."""

    name: str
    status: str
    reason: str = ""


def prefix(project: str, key: str) -> str:
    """What the names of all tuning jobs of a key begin with."""
    return f"{project[:PROJECT_LETTERS]}-sweep-{key[:KEY_LETTERS]}-"


def find(session: Session, start: str, key: str) -> tuple[Tuning | None, int]:
    """A tuning job of `key` that runs or is done, and the number of the next attempt."""
    client = session.client("sagemaker")
    with spoken("list tuning jobs"):
        pages = client.get_paginator("list_hyper_parameter_tuning_jobs").paginate(
            NameContains=start
        )
        listed = [
            one["HyperParameterTuningJobName"]
            for page in pages
            for one in page["HyperParameterTuningJobSummaries"]
        ]
    names = [name for name in listed if name.removeprefix(start).isdigit()]
    attempts = sorted((int(name.removeprefix(start)) for name in names), reverse=True)
    for attempt in attempts:
        told = describe(session, f"{start}{attempt}")
        with spoken(f"read the tags of {start}{attempt}"):
            found = client.list_tags(ResourceArn=told["HyperParameterTuningJobArn"])["Tags"]
        tuning = _tuning(told)
        if tagged(found).get(KEY) == key and tuning.status in (*RUNNING, "Completed"):
            return tuning, attempt
    return None, max(attempts, default=0) + 1


def start(session: Session, request: dict[str, Any]) -> None:
    """Create the tuning job; one that another client has created a moment ago is taken."""
    client, name = session.client("sagemaker"), request["HyperParameterTuningJobName"]
    with spoken(f"create the tuning job {name}"):
        try:
            client.create_hyper_parameter_tuning_job(**request)
        except client.exceptions.ClientError as error:
            if error_code(error) != TAKEN:
                raise
    print(f"started {name}", file=sys.stderr, flush=True)


def watch(session: Session, name: str) -> Tuning:
    """Wait for the end, saying how many of its trainings are done."""
    shown = ""
    while True:
        told = describe(session, name)
        counts = told["TrainingJobStatusCounters"]
        now = f"{name}: {told['HyperParameterTuningJobStatus']}, " + ", ".join(
            f"{number} {word}"
            for word, member in _COUNTED.items()
            if (number := counts.get(member, 0))
        )
        if now != shown:
            print(now.rstrip(", "), file=sys.stderr, flush=True)
            shown = now
        tuning = _tuning(told)
        if tuning.status not in RUNNING:
            return tuning
        time.sleep(LOOPBACK_POLL_S if session.is_loopback else POLL_S)


def stop(session: Session, name: str) -> None:
    """Stop a tuning job and its trainings; one that has ended already is no error."""
    client = session.client("sagemaker")
    with spoken(f"stop {name}"):
        try:
            client.stop_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
        except client.exceptions.ClientError as error:
            if error_code(error) != "ValidationException":
                raise


def refuse_failed(tuning: Tuning, reasons: Sequence[str]) -> None:
    """Raise RadimpressError where a sweep has ended without a result.

    `reasons` are what its trainings have said; AWS says of the whole only that none succeeded.
    """
    if tuning.status == "Failed":
        why = next(iter(reasons), "") or tuning.reason or "AWS gives no reason"
        raise next_step(f"{tuning.name} failed: {why}", "mend what it names and run the same again")
    if tuning.status == "Stopped":
        raise next_step(f"{tuning.name} was stopped", "run the same again: it starts anew")


def describe(session: Session, name: str) -> dict[str, Any]:
    """AWS's account of a tuning job."""
    with spoken(f"describe {name}"):
        told: dict[str, Any] = session.client("sagemaker").describe_hyper_parameter_tuning_job(
            HyperParameterTuningJobName=name
        )
    return told


def _tuning(told: dict[str, Any]) -> Tuning:
    return Tuning(
        told["HyperParameterTuningJobName"],
        told["HyperParameterTuningJobStatus"],
        told.get("FailureReason", ""),
    )


_COUNTED = {
    "done": "Completed",
    "running": "InProgress",
    "failed": "NonRetryableError",
    "to be repeated": "RetryableError",
    "stopped": "Stopped",
}
