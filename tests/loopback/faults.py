"""Faults on purpose: errors and throttles of operations, slow S3, and what befalls jobs."""

import threading
import time
from collections import Counter
from dataclasses import dataclass

from loopback.call import Call, Refusal

THROTTLING = {"s3": ("SlowDown", 503), "sts": ("Throttling", 400), "iam": ("Throttling", 400)}


@dataclass(frozen=True)
class Planned:
    """An operation's calls number `first` to `last` (from 1, counted from the planning) fail."""

    operation: str
    first: int
    last: int
    code: str
    message: str
    status: int


@dataclass(frozen=True)
class FleetFault:
    """What is wrong with the containers of one fleet of an endpoint."""

    no_ping: bool = False  # /ping is never healthy
    status: int = 0  # answers every invocation in the container's place
    delay_s: float = 0.0  # before the answer to every invocation


class Faults:
    """What goes wrong until the next reset."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._planned: list[Planned] = []
        self._seen: Counter[str] = Counter()
        self._delays: dict[str, float] = {}
        self.capacity = 0  # so many of the next jobs find no machine
        self.machines = threading.Event()  # training jobs wait while it is cleared
        self.machines.set()
        self.interrupt_after_s: list[float] = []  # seconds after which spot attempt N is taken
        self.interrupt_after_checkpoints: list[int] = []  # or files that it has put into S3
        self.node_death_after_s: list[float] = []  # seconds after which job N's last host dies
        self.fleets: list[FleetFault] = []  # of the next CreateEndpoint or UpdateEndpoint

    def fail(self, operation: str, nth: int = 1, times: int = 1, status: int = 500) -> None:
        """Answer calls number `nth` and the next ones (`times` in all) with a 5xx."""
        code = {500: "InternalFailure", 503: "ServiceUnavailable"}.get(status, "InternalFailure")
        self._plan(operation, nth, times, code, "planned by the loopback", status)

    def throttle(self, operation: str, times: int = 1, nth: int = 1) -> None:
        """Answer calls number `nth` and the next ones (`times` in all) with a throttle."""
        self._plan(operation, nth, times, "", "Rate exceeded", 0)

    def refuse(self, operation: str, code: str, message: str, times: int = 1, nth: int = 1) -> None:
        """Answer with the 400 of `code`, such as AccessDeniedException."""
        self._plan(operation, nth, times, code, message, 400)

    def delay(self, operation: str, seconds: float) -> None:
        """Make every call of `operation` so much slower; "s3" slows all of S3."""
        self._delays[operation] = seconds

    def _plan(self, name: str, nth: int, times: int, code: str, text: str, status: int) -> None:
        with self._lock:
            first = self._seen[name] + nth
            planned = Planned(name, first, first + times - 1, code, text, status)
            self._planned.append(planned)

    def strike(self, call: Call) -> None:
        """Wait, and raise Refusal, as planned for `call`."""
        time.sleep(max(self._delays.get(call.operation, 0), self._delays.get(call.service, 0)))
        with self._lock:
            self._seen[call.operation] += 1
            number = self._seen[call.operation]
            due = [p for p in self._planned if p.operation == call.operation]
        for plan in due:
            if plan.first <= number <= plan.last:
                throttle = THROTTLING.get(call.service, ("ThrottlingException", 400))
                code, status = (plan.code, plan.status) if plan.code else throttle
                raise Refusal(code, plan.message, status)

    def reset(self) -> None:
        """Forget all that was planned."""
        self.__init__()  # type: ignore[misc]
