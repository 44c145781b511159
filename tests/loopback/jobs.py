"""Jobs of every kind: their records, the operations on them, and the thread that runs each.

Moto keeps a record beside, for its tags; what Describe and List tell comes from here.
"""

import shutil
import threading
import traceback
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from loopback.call import ACCOUNT, Call, Refusal

if TYPE_CHECKING:
    from loopback.server import Loopback

ENDED = {"Completed", "Failed", "Stopped"}
NOT_TOLD = {"Tags"}


def now() -> datetime:
    """The time, with its zone."""
    return datetime.now(UTC)


class Failed(Exception):  # noqa: N818  a status
    """Ends the job as Failed, with the reason."""


class Job(ABC):
    """A job and its thread. `record` holds what Describe tells beyond the request."""

    noun: ClassVar[str]  # as AWS's members begin: TrainingJob
    starts: ClassVar[str]  # member with the time of the start
    ends: ClassVar[str]

    def __init__(self, loop: "Loopback", call: Call, arn: str) -> None:
        self.loop, self.request, self.region, self.arn = loop, call.request, call.region, arn
        self.name: str = self.request[f"{self.noun}Name"]
        self.folder = loop.folder / "jobs" / self.noun / self.name
        self.record: dict[str, Any] = {
            f"{self.noun}Arn": arn,
            f"{self.noun}Status": "InProgress",
            "CreationTime": now(),
            "LastModifiedTime": now(),
        }
        self.stopping = threading.Event()
        self.dead = threading.Event()  # the loopback is reset: end at once, tell nobody
        self.thread = threading.Thread(target=self._run, name=self.name, daemon=True)

    @property
    def status(self) -> str:
        """AWS's word for how it stands."""
        return str(self.record[f"{self.noun}Status"])

    def tell(self, **members: Any) -> None:
        """Change what Describe tells."""
        self.record |= members | {"LastModifiedTime": now()}

    def describe(self) -> dict[str, Any]:
        """The answer of Describe."""
        asked = {name: value for name, value in self.request.items() if name not in NOT_TOLD}
        return asked | dict(self.record)

    def summary(self) -> dict[str, Any]:
        """The entry in List."""
        told = self.describe()
        names = [f"{self.noun}{part}" for part in ("Name", "Arn", "Status")]
        names += ["CreationTime", "LastModifiedTime", self.ends, "SecondaryStatus"]
        names += ["FailureReason"] if self.noun != "TrainingJob" else []
        return {name: told[name] for name in names if name in told}

    def _run(self) -> None:
        self.tell(**{self.starts: now()})
        try:
            status = self.work()
            self.finish(status)
        except (Failed, Refusal) as failed:
            code = f"{failed.code}: " if isinstance(failed, Refusal) else ""
            self.finish("Failed", FailureReason=f"{code}{failed}"[:1024])
        except Exception:  # a fault of the loopback itself: say so where a person looks
            self.finish("Failed", FailureReason=f"loopback: {traceback.format_exc()[-900:]}")
        finally:
            self.clean()
            if not self.loop.keep:
                shutil.rmtree(self.folder, ignore_errors=True)

    def finish(self, status: str, **members: Any) -> None:
        """The last word."""
        self.tell(**{self.ends: now()}, **members)
        self.tell(**{f"{self.noun}Status": status})

    @abstractmethod
    def work(self) -> str:
        """Do the job; its last status. Raises Failed with the reason."""

    @abstractmethod
    def clean(self) -> None:
        """End what still runs."""

    def stop(self) -> None:
        """Ask it to stop."""
        self.tell(**{f"{self.noun}Status": "Stopping"})
        self.stopping.set()


class Jobs:
    """The jobs of one kind, and the operations on them."""

    def __init__(self, loop: "Loopback", kind: type[Job]) -> None:
        self.loop, self.kind, self.noun = loop, kind, kind.noun
        self.all: dict[str, Job] = {}
        plural = f"List{self.noun}s"
        operations: dict[str, Callable[[Call], dict[str, Any]]] = {
            f"Create{self.noun}": self.create,
            f"Describe{self.noun}": self.describe,
            f"Stop{self.noun}": self.stop,
            f"Delete{self.noun}": self.delete,
            plural: self.list,
        }
        for name, operation in operations.items():
            loop.operations[f"sagemaker:{name}"] = operation
        loop.at_reset(self.reset)

    def create(self, call: Call) -> dict[str, Any]:
        """Start a job. Raises Refusal where the name is taken or the role does not exist."""
        name = call.request[f"{self.noun}Name"]
        if name in self.all:
            told = f"{self.noun} names must be unique within an AWS account and region"
            raise Refusal("ResourceInUse", f"{told}: {self.all[name].arn} exists")
        _check_role(call.request)
        answer = call.forward()
        job = self.kind(self.loop, call, answer[f"{self.noun}Arn"])
        self.all[name] = job
        job.thread.start()
        return answer

    def find(self, call: Call) -> Job:
        """The job that is meant. Raises Refusal without one."""
        name = call.request[f"{self.noun}Name"]
        if name not in self.all:
            code = "ValidationException" if self.noun == "TrainingJob" else "ResourceNotFound"
            raise Refusal(code, "Requested resource not found.")
        return self.all[name]

    def describe(self, call: Call) -> dict[str, Any]:
        """How a job stands."""
        return self.find(call).describe()

    def stop(self, call: Call) -> dict[str, Any]:
        """Stop a job that runs."""
        job = self.find(call)
        if job.status in ENDED:
            told = f"The request was rejected because the {self.noun} is in status {job.status}."
            raise Refusal("ValidationException", told)
        job.stop()
        return {}

    def delete(self, call: Call) -> dict[str, Any]:
        """Forget a job that has ended."""
        job = self.find(call)
        if job.status not in ENDED:
            raise Refusal("ResourceInUse", f"{job.arn} is in status {job.status}")
        del self.all[job.name]
        return {}

    def list(self, call: Call) -> dict[str, Any]:
        """The jobs that fit AWS's filters, sorted, by pages."""
        asked = call.request
        found = [job for job in self.all.values() if fits(job, asked)]
        by = asked.get("SortBy", "CreationTime")
        member = {"Name": f"{self.noun}Name", "Status": f"{self.noun}Status"}.get(by, by)
        found.sort(key=lambda job: job.describe()[member])
        usual = "Descending" if self.noun == "TransformJob" else "Ascending"
        if asked.get("SortOrder", usual) == "Descending":
            found.reverse()
        return page([job.summary() for job in found], asked, f"{self.noun}Summaries")

    def reset(self) -> None:
        """End every job, leaving no process."""
        for job in self.all.values():
            job.dead.set()
            job.stopping.set()
        for job in self.all.values():
            job.thread.join(30)
        self.all.clear()


def page(entries: list[dict[str, Any]], asked: dict[str, Any], member: str) -> dict[str, Any]:
    """The page of a listing that NextToken and MaxResults name."""
    start = int(asked.get("NextToken") or 0)
    end = start + int(asked.get("MaxResults") or 10)
    more = {"NextToken": str(end)} if end < len(entries) else {}
    return {member: entries[start:end]} | more


def fits(job: Job, asked: dict[str, Any]) -> bool:
    """Whether a job passes the filters of a List request (times arrive as seconds)."""
    told = job.describe()
    if asked.get("NameContains", "") not in job.name:
        return False
    if asked.get("StatusEquals", job.status) != job.status:
        return False
    for member in ("CreationTime", "LastModifiedTime"):
        when = told[member].timestamp()
        if not asked.get(f"{member}After", 0) <= when <= asked.get(f"{member}Before", when):
            return False
    return True


def _check_role(request: dict[str, Any]) -> None:
    arn = request.get("RoleArn")
    if arn is None:
        return
    from moto.iam.models import iam_backends

    roles = iam_backends[ACCOUNT]["aws"].roles.values()
    if arn not in {role.arn for role in roles}:
        raise Refusal("ValidationException", f"Could not assume role {arn}.")
