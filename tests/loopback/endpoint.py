"""One endpoint: its fleets, its status, and how it moves from one to the next."""

import http.client
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from loopback.alarms import ringing
from loopback.call import Refusal
from loopback.deployment import Plan
from loopback.fleet import Fleet, NotHealthy, Variant
from loopback.hosting_pace import HostingPace
from loopback.serving_container import Answer
from loopback.usage import count_invocation

LOOK_EVERY_S = 0.05

TIMED_OUT = (
    "Your invocation timed out while waiting for a response from container primary. Review the "
    "latency metrics for each container in Amazon CloudWatch, resolve the issue, and try again."
)
ROLLED_BACK = "The update to {config} was rolled back: {why}"


def now() -> datetime:
    """The time, with its zone."""
    return datetime.now(UTC)


class Endpoint:
    """What DescribeEndpoint tells, and the processes that it tells of.

    `tell` is given each new status. A change runs in a thread of its own, one at a time.
    """

    def __init__(
        self,
        name: str,
        arn: str,
        region: str,
        fleet: Fleet,
        pace: HostingPace,
        tell: Callable[[str], None],
    ) -> None:
        self.name, self.arn, self.region = name, arn, region
        self.blue = fleet
        self.green: Fleet | None = None
        self.share = 0.0  # of the requests that go to green
        self.closing = threading.Event()
        self.failure_reason: str | None = None
        self.pending: dict[str, Any] | None = None
        self.last_deployment: Mapping[str, Any] | None = None
        self.asynchronous: Mapping[str, Any] | None = None
        self.data_capture: Mapping[str, Any] | None = None
        self.created = self.modified = now()
        self._pace, self._tell = pace, tell
        self._lock = threading.Lock()
        self._credit = 0.0
        self._status = ""
        self._thread: threading.Thread | None = None

    @property
    def status(self) -> str:
        """AWS's EndpointStatus."""
        return self._status

    @property
    def serves(self) -> bool:
        """Whether requests are answered now."""
        return self._status in ("InService", "Updating", "SystemUpdating", "RollingBack")

    @property
    def may_change(self) -> bool:
        """Whether an update may begin."""
        return self._status == "InService"

    def turn(self, status: str, reason: str | None = None) -> None:
        """Take a status."""
        self._status, self.failure_reason, self.modified = status, reason, now()
        self._tell(status)

    def begin(self, change: Callable[[], None]) -> None:
        """Run a change in its thread."""
        self._thread = threading.Thread(target=change, name=self.name, daemon=True)
        self._thread.start()

    def create(self) -> None:
        """Bring the first fleet up: InService, or Failed."""
        try:
            self.blue.start()
        except NotHealthy as error:
            self.blue.end(0)
            self.settle("Failed", str(error))
            return
        self.settle("InService")

    def update(self, green: Fleet, plan: Plan, adopt: Callable[[], None]) -> None:
        """Move to the fleet `green` by `plan` and `adopt` what else is new, or go back."""
        why = self._move(green, plan)
        if self.closing.is_set():
            green.end(0)
            return
        if why is not None:
            with self._lock:
                self.green, self.share = None, 0.0
            green.end()
            self.settle("InService", ROLLED_BACK.format(config=green.config_name, why=why))
            return
        with self._lock:
            old, self.blue, self.green, self.share = self.blue, green, None, 0.0
        adopt()
        self._pending("Deleting")
        self._wait(plan.termination_s)
        old.end()
        self.settle("InService")

    def rescale(self, variant: Variant, instances: int) -> bool:
        """Bring a variant to so many instances; where they are not healthy it stays as it was."""
        try:
            self.blue.scale(variant, instances)
        except NotHealthy as error:
            self.settle("InService", str(error))
            return False
        return True

    def delete(self, forget: Callable[[], None]) -> None:
        """End every process, then `forget`."""
        self.close(grace_s=1.0)
        forget()

    def close(self, grace_s: float = 0.0) -> None:
        """End every process, whatever goes on."""
        self.closing.set()
        for fleet in (self.blue, self.green):
            if fleet is not None:
                fleet.end(grace_s)

    def route(self, target: str | None) -> tuple[Fleet, Variant] | None:
        """Who gets the next request: the new fleet in exactly its share of them."""
        with self._lock:
            fleet = self.blue
            if self.green is not None:
                self._credit += self.share
                if self._credit >= 1 - 1e-9:
                    self._credit -= 1
                    fleet = self.green
        variant = fleet.pick(target)
        return None if variant is None else (fleet, variant)

    def ask(
        self,
        fleet: Fleet,
        variant: Variant,
        body: bytes,
        headers: Mapping[str, str],
        timeout_s: float,
        begun: float | None = None,
    ) -> Answer:
        """A container's answer, counted; status 0 where none came.

        `begun` is when AWS got the request. Raises Refusal where a serverless variant is full.
        """
        if not fleet.enter(variant):
            raise Refusal("ThrottlingException", "Rate exceeded")
        asked = time.monotonic()
        try:
            answer = fleet.ask(variant, body, headers, timeout_s)
        except TimeoutError:
            answer = Answer(0, TIMED_OUT.encode(), "text/plain", "")
        except (OSError, http.client.HTTPException) as error:
            told = f"no answer from container primary: {type(error).__name__}"
            answer = Answer(0, told.encode(), "text/plain", "")
        finally:
            fleet.leave(variant)
        dimensions = {
            "EndpointName": self.name,
            "VariantName": variant.name,
            "EndpointConfigName": fleet.config_name,
        }
        overhead_s = asked - (asked if begun is None else begun)
        model_s = time.monotonic() - asked
        count_invocation(
            self.region, dimensions, answer.status, model_s, overhead_s, variant.instances
        )
        return answer

    def _move(self, green: Fleet, plan: Plan) -> str | None:
        """Shift the traffic step by step; why it must go back, or None."""
        self.pending = {"EndpointConfigName": green.config_name, "StartTime": now()}
        with self._lock:
            self.green, self.share, self._credit = green, 0.0, 0.0
        self._pending("Creating")
        try:
            green.start()
        except NotHealthy as error:
            return str(error)
        for share in plan.shares:
            self._pending("ActivatingTraffic")
            with self._lock:
                self.share = share
            self._pending("Baking")
            if tripped := self._wait(plan.wait_s, plan.alarms):
                return f"alarms {', '.join(tripped)} were in state ALARM."
        return None

    def _wait(self, seconds: float, alarms: tuple[str, ...] = ()) -> list[str]:
        """Wait for `seconds` of AWS's: the names of alarms that ring meanwhile, or []."""
        began = time.monotonic()
        while True:
            if tripped := ringing(self.region, alarms):
                return tripped
            left = began + self._pace.wait_s(seconds) - time.monotonic()
            if left <= 0 or self.closing.wait(min(left, LOOK_EVERY_S)):
                return []

    def _pending(self, stage: str) -> None:
        if self.pending is not None:
            self.pending = self.pending | {"Stage": stage, "StageTime": now()}

    def settle(self, status: str, reason: str | None = None) -> None:
        """End a change."""
        self.pending = None
        if not self.closing.is_set():
            self.turn(status, reason)
