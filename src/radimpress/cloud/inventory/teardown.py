"""Taking everything down: what costs most first, each by itself, and a last look at the end."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from radimpress.cloud.inventory.listing import SECTIONS, Inventory, take_stock
from radimpress.cloud.inventory.resource import Kind, Resource, Section, in_parallel, is_gone
from radimpress.cloud.inventory.watching import JOB_LOGS, Logs, remove_job_logs
from radimpress.cloud.refusals import spoken
from radimpress.cloud.session import Session
from radimpress.runtime.errors import RadimpressError

WAIT_S = 900.0  # for endpoints and jobs that take their time to end
POLL_S = 3.0
FIRST = (Kind.scaling,)  # nobody would know whose it is once its endpoint is gone
CHANGING = (Kind.endpoint, Kind.pipeline)  # AWS deletes none that is in the middle of something
ENDING = ("Deleting", "Stopping")
BUSY_WORDS = (
    *("in progress", "in-progress", "cannot delete", "cannot update"),
    *("running execution", "running pipeline", "active execution"),
)


@dataclass(frozen=True, slots=True)
class Removed:
    """What came of one resource; `problem` is "" where it is gone, or on its way."""

    resource: Resource
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """What is still there after all, and what could not be looked at."""

    resources: tuple[Resource, ...]
    unseen: tuple[str, ...]

    @property
    def is_nothing(self) -> bool:
        """Whether the account is as if the project had never been in it."""
        return not self.resources and not self.unseen


def to_remove(found: Inventory, data: bool) -> list[Resource]:
    """What a teardown takes down, in its order: endpoints and jobs, then their parts.

    Records of ended jobs stay: they cost nothing, and say what was paid for. Logs and the bucket's
    objects only where `data` is.
    """
    chosen = [
        each
        for each in found.resources
        if not each.is_over and (data or not each.is_data) and each.state not in ENDING
    ]
    return sorted(chosen, key=lambda each: each.kind not in FIRST)  # stable: the order of Kind


def tear_down(
    session: Session,
    chosen: Sequence[Resource],
    data: bool = False,
    sections: Sequence[Section] = SECTIONS,
    sleep: Callable[[float], object] = time.sleep,
) -> Iterator[Removed]:
    """Remove each of `chosen`; one that refuses does not stop the others.

    An endpoint in the middle of a change is waited for: AWS deletes none then.
    """
    known = {section.kind: section for section in sections}
    if not data:
        _mark_logs(session, sections, chosen)
    for resource in chosen:
        yield _removed(session, known[resource.kind], resource, sleep)


def remove_logs_of_jobs(session: Session, found: Inventory) -> list[Removed]:
    """Delete what our jobs wrote to the log groups that all jobs of the account share."""
    jobs = [each for each in found.resources if each.kind in JOB_LOGS]

    def remove(job: Resource) -> Removed:
        try:
            with spoken(f"delete the log of {job.name}"):
                _unless_gone(lambda: remove_job_logs(session, job))
        except RadimpressError as error:
            return Removed(job, str(error))
        return Removed(job)

    return in_parallel(remove, jobs)


def whats_left(
    session: Session,
    data: bool = False,
    wait_s: float = WAIT_S,
    sleep: Callable[[float], object] = time.sleep,
    sections: Sequence[Section] = SECTIONS,
) -> Left:
    """Look until nothing is left, or what is left does not end within `wait_s` seconds."""
    until = time.monotonic() + wait_s
    while True:
        found = take_stock(session, sections=sections)
        left = tuple(e for e in found.resources if not e.is_over and (data or not e.is_data))
        is_ending = any(each.state in ENDING for each in left)
        if not is_ending or time.monotonic() > until:
            return Left(left, found.unseen)
        sleep(POLL_S)


def _removed(
    session: Session, section: Section, resource: Resource, sleep: Callable[[float], object]
) -> Removed:
    until = time.monotonic() + WAIT_S
    while True:
        try:
            with spoken(f"remove {resource.kind.value} {resource.name}"):
                _unless_gone(lambda: section.remove(session, resource))
        except RadimpressError as error:
            is_busy = resource.kind in CHANGING and _is_busy(str(error))
            if not is_busy or time.monotonic() > until:
                return Removed(resource, str(error))
            sleep(POLL_S)
        else:
            return Removed(resource)


def _is_busy(message: str) -> bool:
    return any(words in message.lower() for words in BUSY_WORDS)


def _unless_gone(action: Callable[[], None]) -> None:
    from botocore.exceptions import ClientError

    try:
        action()
    except ClientError as error:
        if not is_gone(error):
            raise


def _mark_logs(session: Session, sections: Iterable[Section], chosen: Sequence[Resource]) -> None:
    """Tag the logs of endpoints that go while their logs stay, for a later teardown with data."""
    if not any(each.kind is Kind.endpoint for each in chosen):
        return
    logs = next((each for each in sections if isinstance(each, Logs)), None)
    names = frozenset(each.name for each in chosen if each.kind is Kind.endpoint)
    if logs is not None:
        logs.mark(session, names)
