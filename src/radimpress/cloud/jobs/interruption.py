"""Ctrl-C while a job runs: leave it running, or stop it."""

import sys

from radimpress.cloud.refusals import error_code, spoken
from radimpress.cloud.session import Session
from radimpress.config.job import OnInterrupt


def interrupted(session: Session, job: str, choice: OnInterrupt) -> None:
    """Stop `job` or leave it, as configured; `ask` asks on a terminal and leaves it elsewhere.

    A second Ctrl-C at the question leaves it running: what was paid for is not thrown away.
    """
    if choice is OnInterrupt.stop or (choice is OnInterrupt.ask and _wants_stop(job)):
        stop(session, job)
        print(f"{job} is stopped; what it had saved stays, and the same command goes on from there")
        return
    print(f"{job} goes on; the same command attaches to it again", file=sys.stderr)


def stop(session: Session, job: str) -> None:
    """Stop a job; one that has ended already is no error."""
    client = session.client("sagemaker")
    with spoken(f"stop {job}"):
        try:
            client.stop_training_job(TrainingJobName=job)
        except client.exceptions.ClientError as error:
            if error_code(error) != "ValidationException":
                raise


def _wants_stop(job: str) -> bool:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    print(f"\n{job} is running and costs money. [l]eave it running, or [s]top it? ", end="")
    try:
        return input().strip().lower().startswith("s")
    except (EOFError, KeyboardInterrupt):
        return False
