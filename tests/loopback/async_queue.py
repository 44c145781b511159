"""The queue of an asynchronous endpoint: requests and answers lie in S3."""

import threading
import time
import uuid
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import Headers

from loopback.buckets import read, write
from loopback.call import Refusal
from loopback.endpoint import Endpoint
from loopback.hosting_pace import HostingPace
from loopback.usage import count_backlog, count_processed

AT_ONCE = 4  # requests to a container, where AWS would choose the number
TTL_S, TIMEOUT_S = 21_600, 900
LOOK_EVERY_S = 0.05
SAID = "X-Amzn-SageMaker-"


@dataclass(frozen=True)
class Waiting:
    """A request in the queue and where its answer goes."""

    inference_id: str
    source: str  # s3 uri; "" where `body` came with the request
    body: bytes
    output: str
    failure: str  # "" where the endpoint keeps none
    headers: Mapping[str, str]
    came: float
    ttl_s: float
    timeout_s: float


class AsyncQueue:
    """Answers requests in turn, several at once, as long as the endpoint is there."""

    def __init__(self, endpoint: Endpoint, pace: HostingPace) -> None:
        self._endpoint, self._pace = endpoint, pace
        self._waiting: deque[Waiting] = deque()
        client = self._config.get("ClientConfig") or {}
        for _ in range(int(client.get("MaxConcurrentInvocationsPerInstance") or AT_ONCE)):
            threading.Thread(target=self._work, daemon=True).start()

    @property
    def _config(self) -> Mapping[str, Any]:
        return self._endpoint.asynchronous or {}

    def put(self, headers: Headers, body: bytes) -> Waiting:
        """Queue a request. Raises Refusal where it names no input."""
        source = headers.get(f"{SAID}InputLocation", "")
        if bool(source) == bool(body):
            raise Refusal("ValidationError", "Give InputLocation or Body, and not both.")
        outputs = self._config["OutputConfig"]
        own_id = uuid.uuid4().hex
        file = headers.get(f"{SAID}Filename") or f"{own_id}.out"
        folder = headers.get(f"{SAID}S3OutputPathExtension", "").strip("/")
        where = "/".join(part for part in (outputs["S3OutputPath"].rstrip("/"), folder) if part)
        failed = (outputs.get("S3FailurePath") or "").rstrip("/")
        sent = {
            "Content-Type": headers.get(f"{SAID}Content-Type"),
            "Accept": headers.get(f"{SAID}Accept"),
            f"{SAID}Custom-Attributes": headers.get(f"{SAID}Custom-Attributes"),
        }
        place = Waiting(
            inference_id=headers.get(f"{SAID}Inference-Id") or str(uuid.uuid4()),
            source=source,
            body=body,
            output=f"{where}/{file}",
            failure=f"{failed}/{own_id}-error.out" if failed else "",
            headers={name: value for name, value in sent.items() if value},
            came=time.monotonic(),
            ttl_s=float(headers.get(f"{SAID}RequestTTLSeconds") or TTL_S),
            timeout_s=float(headers.get(f"{SAID}InvocationTimeoutSeconds") or TIMEOUT_S),
        )
        self._waiting.append(place)
        self.count()
        return place

    @property
    def waits(self) -> bool:
        """Whether any request waits."""
        return bool(self._waiting)

    def count(self) -> None:
        """Put the length of the queue into CloudWatch."""
        where = self._endpoint
        instances = sum(each.instances for each in where.blue.variants)
        count_backlog(where.region, where.name, len(self._waiting), instances)

    def _work(self) -> None:
        while not self._endpoint.closing.wait(LOOK_EVERY_S):
            while self._ready() and not self._endpoint.closing.is_set():
                try:
                    place = self._waiting.popleft()
                except IndexError:
                    break
                self.count()
                why = self._answer(place)
                if why and place.failure:
                    write(place.failure, why.encode())
                where, total_s = self._endpoint, time.monotonic() - place.came
                count_processed(where.region, where.name, bool(why), total_s)

    def _ready(self) -> bool:
        """Whether there is an instance: with none, requests wait."""
        return any(each.containers for each in self._endpoint.blue.variants)

    def _answer(self, place: Waiting) -> str:
        """Write the answer into S3; "", or why there is none."""
        if time.monotonic() > place.came + self._pace.wait_s(place.ttl_s):
            return "Expired: RequestTTLSeconds have passed in the queue."
        routed = self._endpoint.route(None)
        if routed is None:
            return "No variant takes requests."
        try:
            body = place.body or read(place.source)
        except Refusal as refusal:
            return f"Failed to download the input: {refusal.message}"
        answer = self._endpoint.ask(*routed, body, place.headers, place.timeout_s)
        if 200 <= answer.status < 300:
            write(place.output, answer.body)
            return ""
        kind = "client" if 400 <= answer.status < 500 else "server"
        text = answer.body.decode(errors="replace")
        return f'Received {kind} error ({answer.status}) from primary with message "{text}".'
