"""The process: a listening socket, uvicorn around the app, and an end without losses."""

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, cast

import uvicorn

from radimpress.config.serving import Serving
from radimpress.runtime.errors import RadimpressError, next_step
from radimpress.serving.announcement import announce
from radimpress.serving.app import create_app
from radimpress.serving.guard import Guard
from radimpress.serving.logbook import log, tell
from radimpress.serving.protocol import PatientProtocol
from radimpress.serving.service import Service
from radimpress.serving.sources import Source

KEEP_ALIVE_S = 65  # longer than load balancers keep idle connections (60 s)
LAST_ANSWERS_S = 2  # for answers that are written when draining ends
SIGNALS = (signal.SIGINT, signal.SIGTERM)


def run_server(settings: Serving, source: Source, token: str) -> int:
    """Serve until SIGTERM or SIGINT; the exit status: 0, or 1 where requests were cut off.

    Raises RadimpressError for an address that is not free and a model that does not load.
    """
    return asyncio.run(_serve(settings, source, token))


async def _serve(settings: Serving, source: Source, token: str) -> int:
    asyncio.get_running_loop().set_exception_handler(_report)
    listening = _listen(settings.host, settings.port)
    service = Service(settings, source)
    server = DrainingServer(service, Guard(settings.host, token))
    url = _url(settings.host, listening.getsockname()[1])
    log("listening", url=url, model=settings.model)
    starting = asyncio.ensure_future(_start(service, server, url))
    await server.serve(sockets=[listening])
    announced = starting.result() if starting.done() else None
    if announced is not None:
        announced.unlink(missing_ok=True)
    await service.stop()
    log("stopped", drained=server.drained)
    if not service.idle():  # a thread inside torch would crash while Python tears it down
        sys.stderr.flush()
        os._exit(0 if server.drained else 1)
    return 0 if server.drained else 1


async def _start(service: Service, server: "DrainingServer", url: str) -> Path | None:
    """Load the model; where that fails the server ends. Returns the announcement, if any."""
    try:
        await service.start()
    except BaseException:
        server.should_exit = True
        raise
    tell(f"the page: {url}  (Ctrl-C answers what was accepted, then ends)")
    return _announced(url, service.settings.model) if service.source.follows else None


def _announced(url: str, model: str) -> Path | None:
    """The announcement; none where nothing can be written, as in a container."""
    try:
        return announce(url, model)
    except (OSError, RadimpressError) as error:
        log("not_announced", error=type(error).__name__)
        return None


class DrainingServer(uvicorn.Server):
    """Loses no request that has reached this machine: see `shutdown`."""

    def __init__(self, service: Service, guard: Guard) -> None:
        config = uvicorn.Config(
            create_app(service, guard),
            loop="asyncio",
            http=cast(Any, partial(PatientProtocol, service.settings.timeout_s)),
            ws="none",
            lifespan="off",
            log_config=None,
            log_level=logging.CRITICAL,  # its messages are texts; ours are lines of JSON
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=LAST_ANSWERS_S,
        )
        super().__init__(config)
        self._service = service
        self.drained = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, answer everything that is connected, then close.

        Connections that the kernel has accepted and uvicorn has not are taken over first; answers
        say `Connection: close`, so that every kept-alive connection ends with an answer.
        """
        connections = [each for listening in sockets or [] for each in _accepted(listening)]
        for server in self.servers:
            server.close()
        loop = asyncio.get_running_loop()
        for connection in connections:
            await loop.connect_accepted_socket(self._protocol, connection)
        self.drained = await self._service.drain(lambda: self.force_exit)
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn's, without raising the signals once more at the end: draining is success."""
        before = {number: signal.signal(number, self.handle_exit) for number in SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002  # uvicorn's
        """The first signal drains, the second ends at once."""
        self.force_exit = self.should_exit
        self.should_exit = True

    def _protocol(self) -> asyncio.Protocol:
        make: Callable[..., asyncio.Protocol] = self.config.http_protocol_class
        return make(config=self.config, server_state=self.server_state, app_state={})


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.create_server((host, port), family=family, backlog=2048)
        # Inherited by connections. asyncio sets it where it knows the protocol, which it does not
        # here; without it every answer waits 40 ms for the client's delayed acknowledgement.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except (OSError, OverflowError) as error:
        problem = f"{host} port {port} cannot be listened on ({error})"
        raise next_step(problem, "give another --host or --port (0: any free one)") from error
    return listening


def _accepted(listening: socket.socket) -> Iterator[socket.socket]:
    """The connections that wait in the kernel."""
    listening.setblocking(False)
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        connection.setblocking(False)
        yield connection


def _url(host: str, port: int) -> str:
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # not bound
    return f"http://[{reachable}]:{port}" if ":" in reachable else f"http://{reachable}:{port}"


def _report(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What asyncio would print with a traceback and the error's message."""
    error = context.get("exception")
    log("loop_fault", error=type(error).__name__ if error else "", about=context["message"])
