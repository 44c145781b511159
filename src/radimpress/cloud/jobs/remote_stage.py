"""A stage of the pipeline as a SageMaker job: found again or started, followed, brought back."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from radimpress.cloud.jobs.follower import Follower, Outcome
from radimpress.cloud.jobs.identity import Identity, identity
from radimpress.cloud.jobs.interruption import interrupted
from radimpress.cloud.jobs.output import bring_back
from radimpress.cloud.jobs.permission import refuse_unaffordable, refuse_unwanted
from radimpress.cloud.jobs.request import checkpoints_uri, job_request, reached_store
from radimpress.cloud.jobs.search import Started, read_job, search
from radimpress.cloud.jumpstart.training import train_at_jumpstart
from radimpress.cloud.refusals import error_code, spoken
from radimpress.cloud.session import Session, open_session
from radimpress.cloud.storage import remove_folder
from radimpress.config.job import Place
from radimpress.config.schema import Config
from radimpress.modeling.history import LogRecord
from radimpress.runtime.errors import RadimpressError, next_step
from radimpress.tracking.lineage import read_lineage
from radimpress.tracking.live import training_run

TAKEN = "ResourceInUse"  # somebody created a job of that name
LOST_SPOT = ("MaxWaitTimeExceeded", "Interrupted")
NO_MACHINE = "CapacityError"  # what the reason begins with where AWS has none to spare
NO_MACHINE_WAIT_S = 300.0

OnLog = Callable[[LogRecord], None]


def run_stage_remotely(config: Config, stage: str) -> None:
    """Let SageMaker run `stage`, and leave the working directory as if it had run here.

    Attaches to a job that makes the same, running or finished; otherwise says what one would cost,
    and starts it. A killed client leaves the job running; the same command comes back to it. Raises
    RadimpressError with the container's own reason where the job fails.
    """
    if config.compute.place is Place.jumpstart:
        train_at_jumpstart(config)
        return
    session = open_session(config.cloud)
    refuse_unwanted(session, config)
    who = identity(config, stage)
    with _records(session, config, stage) as on_log:
        job = _finished(session, config, who, on_log)
        bring_back(session, job.model_uri, stage, config.compute.job.returns)
    remove_folder(session, checkpoints_uri(session, who))
    print(f"{stage}: {job.name} is done, its output is here", file=sys.stderr)


def _finished(session: Session, config: Config, who: Identity, on_log: OnLog) -> Started:
    """A completed job of this identity; started as often as spot machines are taken away."""
    attempts = config.compute.job.spot_attempts if config.compute.job.spot else 1
    for _ in range(attempts):
        job = _job(session, config, who)
        outcome = _watch(session, config, job.name, on_log)
        if outcome.status == "Completed":
            return job
        lacked = outcome.reason.startswith(NO_MACHINE)
        if not config.compute.job.spot or not (lacked or outcome.secondary in LOST_SPOT):
            raise _failure(job.name, outcome)
        what = "got no" if lacked else "lost its"
        print(f"{job.name} {what} spot machine; trying again from its checkpoint", file=sys.stderr)
        if lacked and not session.is_loopback:
            time.sleep(NO_MACHINE_WAIT_S)
    raise next_step(
        f"{attempts} jobs got no spot machine, or lost it, before the training was done",
        "run the same again later, or set compute.job.spot=false",
    )


def _job(session: Session, config: Config, who: Identity) -> Started:
    """The job to follow: one that is there, else a new one."""
    found = search(session, who)
    if found.job:
        verb = "attached to" if found.job.is_running else "found"
        print(f"{verb} {found.job.name} ({found.job.status})", file=sys.stderr, flush=True)
        return found.job
    if found.last_failure:
        print(f"the attempt before failed: {found.last_failure}", file=sys.stderr)
    refuse_unaffordable(config, who.stage)
    return start(session, config, who, found.next_attempt)


def start(session: Session, config: Config, who: Identity, attempt: int) -> Started:
    """Create attempt number `attempt`; where another client was quicker, its job is taken."""
    lineage = read_lineage(config).tags()
    request = job_request(session, config, who, attempt, lineage)
    client, name = session.client("sagemaker"), request["TrainingJobName"]
    with spoken(f"create the training job {name}"):
        try:
            client.create_training_job(**request)
        except client.exceptions.ClientError as error:
            if error_code(error) != TAKEN:
                raise
            print(f"{name} was started elsewhere a moment ago: attached to it", file=sys.stderr)
        else:
            print(f"started {name}", file=sys.stderr, flush=True)
    return read_job(session, name, attempt)


def _watch(session: Session, config: Config, job: str, on_log: OnLog) -> Outcome:
    try:
        return Follower(session, job, on_log).follow()
    except KeyboardInterrupt:
        interrupted(session, job, config.compute.job.on_interrupt)
        raise


def _failure(job: str, outcome: Outcome) -> RadimpressError:
    if outcome.status == "Stopped" and outcome.secondary == "MaxRuntimeExceeded":
        return next_step(
            f"{job} was stopped after compute.job.max_hours",
            "raise it and run the same again: it goes on from its last checkpoint",
        )
    if outcome.status == "Stopped":
        return next_step(f"{job} was stopped", "run the same again: it goes on from its checkpoint")
    if outcome.reason.startswith(NO_MACHINE):
        return next_step(
            f"{job} got no machine: {outcome.reason}",
            "run the same again later, or choose another compute.job.instance_type",
        )
    return next_step(
        f"{job} failed: {outcome.reason or 'AWS gives no reason'}",
        "mend what it names and run the same again; its log is /aws/sagemaker/TrainingJobs "
        f"{job}/ in CloudWatch",
    )


@contextmanager
def _records(session: Session, config: Config, stage: str) -> Iterator[OnLog]:
    """Where the records of the job go: for a training into its MLflow run, live.

    Where the job reaches the store it keeps the run itself, also while nobody follows it.
    """
    if stage != "train" or reached_store(session, config):
        yield lambda _: None
        return
    with training_run(config) as on_log:
        yield on_log
