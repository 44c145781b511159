"""One container of an endpoint: a process, its model read-only at /opt/ml/model, its HTTP."""

import http.client
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from loopback.containers import Container, Machine, has_namespaces
from loopback.serving_images import MODEL, ServingImages

PING_S = 2.0  # AWS's time for an answer to /ping
READ_ONLY = (
    "sh",
    "-c",
    f'mount --bind {MODEL} {MODEL} && mount -o remount,bind,ro {MODEL} && exec "$@"',
    "serve",
)


@dataclass(frozen=True)
class Answer:
    """What a container answered to POST /invocations."""

    status: int
    body: bytes
    content_type: str
    custom_attributes: str


class ServingContainer:
    """A started process over `folder`, whose ml/model holds the model already.

    `tell` is given each line that it writes. `shelf` keeps what all containers share.
    """

    def __init__(
        self,
        images: ServingImages,
        image: str,
        environment: Mapping[str, str],
        folder: Path,
        shelf: Path,
        tell: Callable[[str], None],
    ) -> None:
        self.port = _free_port()
        command = images.command(image, self.port)
        if has_namespaces():
            command = (*READ_ONLY, *command)
        # The port as AWS tells it to containers that share a machine; no reach from outside.
        place = {"SAGEMAKER_BIND_TO_PORT": str(self.port), "RADIMPRESS_HOST": "127.0.0.1"}
        given = {**images.environment(image, shelf, folder), **environment, **place}
        self._container = Container(Machine(folder, "model", command, given), tell)

    @property
    def lives(self) -> bool:
        """Whether the process runs."""
        return self._container.poll() is None

    def ping(self) -> bool:
        """Whether GET /ping is 200 within AWS's two seconds."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PING_S)
        try:
            connection.request("GET", "/ping")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def ask(self, body: bytes, headers: Mapping[str, str], timeout_s: float) -> Answer:
        """POST /invocations. Raises TimeoutError, OSError or HTTPException where none answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout_s)
        try:
            connection.request("POST", "/invocations", body, dict(headers))
            response = connection.getresponse()
            return Answer(
                response.status,
                response.read(),
                response.getheader("Content-Type", ""),
                response.getheader("X-Amzn-SageMaker-Custom-Attributes", ""),
            )
        finally:
            connection.close()

    def end(self, grace_s: float) -> None:
        """Stop the process as SageMaker does: SIGTERM, then SIGKILL. 0: kill it at once."""
        if grace_s > 0:
            self._container.end(grace_s)
        self._container.kill()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
