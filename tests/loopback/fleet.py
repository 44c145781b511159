"""The machines behind an endpoint configuration: its variants, each with its containers."""

import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from loopback.faults import FleetFault
from loopback.hosting_pace import HostingPace
from loopback.logs import LogStream
from loopback.model_data import NoModelData, fetch_model
from loopback.serving_container import Answer, ServingContainer
from loopback.serving_images import ServingImages

STARTUP_S = 240  # where a variant sets none
MOST_CONTAINERS = 2  # of a variant: more instances share these
PING_EVERY_S = 0.05
GRACE_S = 5.0  # for the requests in it; AWS gives 30

UNHEALTHY = (
    "The primary container for production variant {variant} did not pass the ping health check. "
    "Please check CloudWatch logs for this endpoint."
)


class NotHealthy(Exception):  # noqa: N818  what AWS says is in the message
    """A fleet does not start; the message is a FailureReason."""


@dataclass(frozen=True)
class Place:
    """Where and how a fleet runs."""

    images: ServingImages
    pace: HostingPace
    fault: FleetFault
    folder: Path  # of this fleet alone
    shelf: Path  # what all containers share
    log_group: str
    region: str


@dataclass
class Variant:
    """A production variant. `settings` is the ProductionVariant, `container` of its model."""

    settings: Mapping[str, Any]
    container: Mapping[str, Any]
    weight: float
    instances: int  # desired; 0 only behind a queue
    containers: list[ServingContainer] = field(default_factory=list)
    busy: int = 0  # requests in it now
    dealt: float = 0.0  # requests that it got, each divided by its weight
    next: int = 0  # the container that gets the next request
    lost: bool = False  # a container ended and is not back yet

    @property
    def name(self) -> str:
        """The VariantName."""
        return str(self.settings["VariantName"])

    @property
    def concurrency(self) -> int | None:
        """How many requests a serverless variant takes at once; None where it is not one."""
        serverless: Mapping[str, Any] | None = self.settings.get("ServerlessConfig")
        return int(serverless["MaxConcurrency"]) if serverless else None


class Fleet:
    """All variants of one endpoint configuration; nothing runs until `start`."""

    def __init__(self, config_name: str, variants: list[Variant], place: Place) -> None:
        self.config_name, self.variants, self._place = config_name, variants, place
        self._lock = threading.Lock()  # the variants' members
        self._changing = threading.RLock()  # who starts containers, or ends them
        self._ended = threading.Event()

    def start(self) -> None:
        """Fetch the models, start the containers and wait for /ping. Raises NotHealthy."""
        try:
            for variant in self.variants:
                folder = self._place.folder / variant.name
                fetch_model(variant.container, folder / "ml" / "model")
        except NoModelData as error:
            raise NotHealthy(str(error)) from error
        for variant in self.variants:
            self.scale(variant, variant.instances)

    def scale(self, variant: Variant, instances: int) -> None:
        """Bring a variant to so many instances, all of them healthy. Raises NotHealthy."""
        wanted = min(instances, MOST_CONTAINERS)
        with self._changing:
            if self._ended.is_set():
                raise NotHealthy(f"the fleet of {self.config_name} has ended")
            made = [self._open(variant) for _ in range(wanted - len(variant.containers))]
            try:
                self._wait(variant, made)
            except NotHealthy:
                for each in made:
                    each.end(0)
                raise
            with self._lock:
                spare = variant.containers[wanted:]
                variant.containers = [*variant.containers[:wanted], *made]
                variant.instances = instances
            for each in spare:
                each.end(GRACE_S)

    def heal(self) -> None:
        """Start containers anew where a process has ended, as SageMaker does."""
        if self._ended.is_set() or not self._changing.acquire(blocking=False):
            return
        try:
            for variant in self.variants:
                with self._lock:
                    living = [each for each in variant.containers if each.lives]
                    lost = len(variant.containers) - len(living)
                    variant.containers = living
                if lost or variant.lost:
                    variant.lost = True
                    self.scale(variant, variant.instances)
                    variant.lost = False
        finally:
            self._changing.release()

    def pick(self, target: str | None) -> Variant | None:
        """The variant that gets the next request, by weight; None where there is no `target`.

        AWS draws by chance; here a weight of a tenth is every tenth request.
        """
        with self._lock:
            if target is not None:
                return next((each for each in self.variants if each.name == target), None)
            weighted = [each for each in self.variants if each.weight > 0]
            if not weighted:
                return None
            chosen = min(weighted, key=lambda each: each.dealt + 1 / each.weight)
            chosen.dealt += 1 / chosen.weight
            return chosen

    def enter(self, variant: Variant) -> bool:
        """Count a request in, to be followed by `leave`; False: a serverless variant is full."""
        with self._lock:
            if variant.concurrency is not None and variant.busy >= variant.concurrency:
                return False
            variant.busy += 1
            return True

    def leave(self, variant: Variant) -> None:
        """Count a request out."""
        with self._lock:
            variant.busy -= 1

    def ask(
        self, variant: Variant, body: bytes, headers: Mapping[str, str], timeout_s: float
    ) -> Answer:
        """Ask the variant's containers in turn. Raises OSError where none answers in time."""
        with self._lock:
            containers = variant.containers
            variant.next += 1
            container = containers[variant.next % len(containers)] if containers else None
        fault = self._place.fault
        time.sleep(fault.delay_s)
        if fault.status:
            return Answer(fault.status, b"planned by the loopback", "text/plain", "")
        if container is None:
            raise ConnectionRefusedError("no container runs")
        return container.ask(body, headers, timeout_s)

    def end(self, grace_s: float = GRACE_S) -> None:
        """Let the requests in it be answered, then end every process."""
        self._ended.set()
        until = time.monotonic() + grace_s
        while time.monotonic() < until and any(each.busy for each in self.variants):
            time.sleep(PING_EVERY_S)
        with self._changing:
            for variant in self.variants:
                with self._lock:
                    containers, variant.containers = variant.containers, []
                for container in containers:
                    container.end(grace_s)

    def _open(self, variant: Variant) -> ServingContainer:
        instance = f"i-{uuid.uuid4().hex[:17]}"
        place = self._place
        stream = LogStream(place.region, place.log_group, f"{variant.name}/{instance}")
        return ServingContainer(
            place.images,
            variant.container["Image"],
            variant.container.get("Environment") or {},
            place.folder / variant.name,
            place.shelf,
            stream.write,
        )

    def _wait(self, variant: Variant, containers: list[ServingContainer]) -> None:
        """Until all are healthy. AWS starts one that ended again, and gives up at the timeout."""
        seconds = variant.settings.get("ContainerStartupHealthCheckTimeoutInSeconds") or STARTUP_S
        until = time.monotonic() + self._place.pace.startup_s(seconds)
        waiting = list(containers)
        while waiting := [each for each in waiting if not each.ping()]:
            gone = self._place.fault.no_ping or any(not each.lives for each in waiting)
            if gone or time.monotonic() > until or self._ended.is_set():
                raise NotHealthy(UNHEALTHY.format(variant=variant.name))
            time.sleep(PING_EVERY_S)
        if self._place.fault.no_ping:
            raise NotHealthy(UNHEALTHY.format(variant=variant.name))
