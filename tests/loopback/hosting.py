"""The endpoints of a loopback, and the threads that look after them."""

import shutil
import threading
import uuid
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from loopback.async_queue import AsyncQueue
from loopback.call import ACCOUNT, Call, Refusal
from loopback.endpoint import Endpoint
from loopback.faults import FleetFault
from loopback.fleet import Fleet, NotHealthy, Place, Variant
from loopback.hosting_pace import HostingPace
from loopback.serving_images import ServingImages

if TYPE_CHECKING:
    from loopback.server import Loopback

LOOK_EVERY_S = 0.2


class Hosting:
    """All endpoints by name. `pace` and `images` are a test's to change."""

    def __init__(self, loop: "Loopback") -> None:
        self.loop = loop
        self.pace, self.images = HostingPace(), ServingImages()
        self.endpoints: dict[str, Endpoint] = {}
        self.queues: dict[str, AsyncQueue] = {}
        self._folder = loop.folder / "endpoints"
        self._watcher: threading.Thread | None = None

    def found(self, name: str) -> Endpoint:
        """The endpoint of that name. Raises Refusal in SageMaker's words."""
        if name not in self.endpoints:
            raise Refusal("ValidationException", f'Could not find endpoint "{arn(name)}".')
        return self.endpoints[name]

    def add(self, call: Call, name: str, fleet: Fleet) -> Endpoint:
        """Register an endpoint that is being created; `call` has made moto's record of it."""
        record = call.backend.endpoints[name]

        def tell(status: str) -> None:
            record.endpoint_status, record.last_modified_time = status, endpoint.modified

        endpoint = Endpoint(name, arn(name), call.region, fleet, self.pace, tell)
        self.endpoints[name] = endpoint
        if self._watcher is None:
            self._watcher = threading.Thread(target=self._watch, daemon=True)
            self._watcher.start()
        return endpoint

    def queue(self, endpoint: Endpoint) -> AsyncQueue:
        """The queue of an asynchronous endpoint."""
        if endpoint.name not in self.queues:
            self.queues[endpoint.name] = AsyncQueue(endpoint, self.pace)
        return self.queues[endpoint.name]

    def forget(self, call: Call, name: str) -> None:
        """Drop an endpoint whose processes have ended, with moto's record."""
        self.endpoints.pop(name, None)
        self.queues.pop(name, None)
        call.backend.endpoints.pop(name, None)

    def fleet(self, call: Call, endpoint: str, config: Any) -> Fleet:
        """A fleet, not started, for a record of an endpoint configuration. Raises Refusal."""
        faults = self.loop.faults.fleets
        place = Place(
            images=self.images,
            pace=self.pace,
            fault=faults.pop(0) if faults else FleetFault(),
            folder=self._folder / f"{endpoint}-{uuid.uuid4().hex[:8]}",
            shelf=self.loop.folder / "image",
            log_group=f"/aws/sagemaker/Endpoints/{endpoint}",
            region=call.region,
        )
        variants = [
            Variant(
                settings=each,
                container=container_of(call, each["ModelName"]),
                weight=float(each.get("InitialVariantWeight", 1.0)),
                instances=int(each.get("InitialInstanceCount") or 1),
            )
            for each in config.production_variants
        ]
        return Fleet(config.endpoint_config_name, variants, place)

    def reset(self) -> None:
        """Kill every process of every endpoint."""
        endpoints, self.endpoints, self.queues = self.endpoints, {}, {}
        for endpoint in endpoints.values():
            endpoint.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        self.pace.__init__()  # type: ignore[misc]
        self.images.clear()
        self.images.update(ServingImages())

    def _watch(self) -> None:
        """Start containers anew that have ended, and say how long queues are."""
        pause = threading.Event()
        while True:
            pause.wait(LOOK_EVERY_S)
            for queue in list(self.queues.values()):
                if queue.waits:
                    queue.count()
            for endpoint in list(self.endpoints.values()):
                for fleet in (endpoint.blue, endpoint.green):
                    with suppress(NotHealthy, OSError):
                        if fleet is not None:
                            fleet.heal()


def arn(endpoint: str) -> str:
    """The ARN of an endpoint."""
    return f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:endpoint/{endpoint.lower()}"


def container_of(call: Call, model: str) -> Mapping[str, Any]:
    """The container of a model, with what its model package says. Raises Refusal."""
    made = call.backend.describe_model(model)
    container = dict(made.primary_container or made.containers[0])
    if package := container.get("ModelPackageName"):
        described = call.backend.describe_model_package(package)
        container = dict(described.inference_specification["Containers"][0]) | container
    return container
