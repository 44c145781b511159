"""Jobs that were started before: the one to attach to, or the number of the next attempt."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from radimpress.cloud.jobs.identity import Identity
from radimpress.cloud.jobs.request import RESULT
from radimpress.cloud.refusals import spoken
from radimpress.cloud.session import Session
from radimpress.cloud.storage import MANIFEST, exists
from radimpress.cloud.sweeps.adoption import noted_trial
from radimpress.cloud.tags import COMMIT, tagged
from radimpress.runtime.errors import next_step

RUNNING = ("InProgress", "Stopping")


@dataclass(frozen=True, slots=True)
class Started:
    """A job of the key that was looked for. `status` is AWS's word."""

    name: str
    arn: str
    attempt: int
    status: str
    reason: str  # of a failure
    model_uri: str  # where it writes, with the final slash
    tags: dict[str, str]

    @property
    def is_running(self) -> bool:
        """Whether it may still write."""
        return self.status in RUNNING


@dataclass(frozen=True, slots=True)
class Search:
    """What was found: a job that makes, or has made, this very result; else the next attempt."""

    job: Started | None
    next_attempt: int
    last_failure: str = ""


def search(session: Session, identity: Identity) -> Search:
    """Look for jobs of this identity.

    A running one is attached to; so is a completed one whose output still lies in S3, be it of its
    own or of a sweep's trial. Raises
    RadimpressError where a job of the same key but other code or parameters runs: the two would
    write over each other's checkpoints.
    """
    jobs = sorted(started(session, identity), key=lambda job: -job.attempt)
    for job in jobs:
        same = job.tags.get(RESULT) == identity.result
        if job.is_running and not same:
            commit = job.tags.get(COMMIT, "an uncommitted one")[:12]
            raise next_step(
                f"the job {job.name} is running this very {identity.stage} with other code or "
                f"parameters (commit {commit})",
                "go back to those to take its model, wait for it, or stop it: "
                f"aws sagemaker stop-training-job --training-job-name {job.name}",
            )
        done = job.status == "Completed" and same
        if job.is_running or (done and exists(session, job.model_uri + MANIFEST)):
            return Search(job, job.attempt)
    if name := noted_trial(session, identity):
        trial = read_job(session, name, 0)
        if exists(session, trial.model_uri + MANIFEST):
            return Search(trial, 0)
    failed = jobs[0].reason if jobs and jobs[0].status == "Failed" else ""
    return Search(None, max((job.attempt for job in jobs), default=0) + 1, failed)


def started(session: Session, identity: Identity) -> Iterator[Started]:
    """Every job of the key of `identity`, in no order."""
    client = session.client("sagemaker")
    with spoken("list training jobs"):
        pages = client.get_paginator("list_training_jobs").paginate(NameContains=identity.prefix)
        names = [one["TrainingJobName"] for page in pages for one in page["TrainingJobSummaries"]]
    for name in names:
        attempt = name.removeprefix(identity.prefix)
        if name.startswith(identity.prefix) and attempt.isdigit():
            yield read_job(session, name, int(attempt))


def read_job(session: Session, name: str, attempt: int) -> Started:
    """How the job `name` stands."""
    client = session.client("sagemaker")
    with spoken(f"describe {name}"):
        told = client.describe_training_job(TrainingJobName=name)
        listed = client.list_tags(ResourceArn=told["TrainingJobArn"])["Tags"]
    return Started(
        name,
        told["TrainingJobArn"],
        attempt,
        told["TrainingJobStatus"],
        told.get("FailureReason", ""),
        model_uri(told),
        tagged(listed),
    )


def model_uri(told: dict[str, Any]) -> str:
    """Where a job's uncompressed model lies, before and after it is there."""
    output = told["OutputDataConfig"]["S3OutputPath"].rstrip("/")
    return f"{output}/{told['TrainingJobName']}/output/model/"
