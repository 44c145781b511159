"""A cheap HTTP load generator, run as a process of its own: a job on stdin, counts on stdout.

It shares the machine with the server it measures, so it does as little as it can: requests are
bytes made beforehand, connections are kept, and an answer is right where it holds the expected
bytes.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

HEAD_END = b"\r\n\r\n"
LENGTH = b"content-length:"


@dataclass(frozen=True, slots=True)
class Job:
    """What to send where.

    Closed loop where `rate` is 0: each of `clients` sends its next request when it has its answer.
    Open loop: `rate` requests a second are due whatever comes back, over at most `clients`
    connections; a request that finds none free is counted as `unsent`. Ends after `seconds`, or
    after `total` requests where that is not 0.
    """

    port: int
    bodies: list[str]
    expected: list[str]  # what a right answer to the body of the same number holds
    clients: int
    seconds: float
    rate: float = 0.0
    total: int = 0


@dataclass(slots=True)
class Outcome:
    """What came back; `wrong` counts answers with status 200 and another text, `lost` none."""

    seconds: float = 0.0
    statuses: dict[str, int] = field(default_factory=dict)
    wrong: int = 0
    lost: int = 0
    unsent: int = 0
    with_retry_after: int = 0
    milliseconds: list[float] = field(default_factory=list)  # of answers with status 200, in order


class Connection(asyncio.Protocol):
    """One kept connection with at most one request under way."""

    def __init__(self, done: Callable[["Connection", int, bytes, bytes], None]) -> None:
        self._done, self._buffer = done, b""
        self._transport: asyncio.Transport | None = None
        self.number, self.sent_at = -1, 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def send(self, number: int, request: bytes) -> None:
        """Send request `number`; the answer comes to `done`."""
        assert self._transport
        self.number, self.sent_at, self._buffer = number, time.perf_counter(), b""
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Collect the answer, which has a Content-Length."""
        self._buffer += data
        end = self._buffer.find(HEAD_END)
        if end < 0:
            return
        head = self._buffer[:end].lower()
        start = head.find(LENGTH) + len(LENGTH)
        length = int(head[start:].split(b"\r\n", 1)[0])
        body = self._buffer[end + len(HEAD_END) :]
        if len(body) >= length:
            self._done(self, int(head[9:12]), head, body)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's
        """Tell of an answer that never came, as status 0."""
        if self.number >= 0:
            self._done(self, 0, b"", b"")

    def close(self) -> None:
        """Hang up; nothing is lost by that."""
        self.number = -1
        if self._transport:
            self._transport.close()


class Load:
    """One run of a job."""

    def __init__(self, job: Job) -> None:
        self.job, self.outcome = job, Outcome()
        self._requests = [_request(job.port, body) for body in job.bodies]
        self._expected = [text.encode() for text in job.expected]
        self._statuses: Counter[str] = Counter()
        self._sent = self._open = 0
        self._idle: list[Connection] = []
        self._ended = asyncio.Event()
        self._closing = False

    async def run(self) -> Outcome:
        """Send until the job is over and every request has come to its end."""
        loop = asyncio.get_running_loop()
        for _ in range(self.job.clients):
            _, connection = await loop.create_connection(
                lambda: Connection(self._done), "127.0.0.1", self.job.port
            )
            self._idle.append(connection)
        started = time.perf_counter()
        self._until = started + self.job.seconds
        if self.job.rate:
            await self._open_loop(started)
        else:
            for connection in self._idle:
                self._next(connection)
        self._closing = bool(self.job.rate)
        if self._open:
            await self._ended.wait()
        self.outcome.seconds = time.perf_counter() - started
        self.outcome.statuses = dict(self._statuses)
        for connection in self._idle:
            connection.close()
        return self.outcome

    async def _open_loop(self, started: float) -> None:
        due = 0
        while time.perf_counter() < self._until:
            for _ in range(int((time.perf_counter() - started) * self.job.rate) - due):
                due += 1
                if self._idle:
                    self._send(self._idle.pop())
                else:
                    self.outcome.unsent += 1
            await asyncio.sleep(0.002)

    def _next(self, connection: Connection) -> None:
        ended = time.perf_counter() >= self._until
        if self.job.total:
            ended = self._sent >= self.job.total
        if not ended:
            self._send(connection)
        elif not self._open:
            self._ended.set()

    def _send(self, connection: Connection) -> None:
        number = self._sent % len(self._requests)
        self._sent += 1
        self._open += 1
        connection.send(number, self._requests[number])

    def _done(self, connection: Connection, status: int, head: bytes, body: bytes) -> None:
        took = time.perf_counter() - connection.sent_at
        number, connection.number = connection.number, -1
        self._open -= 1
        if status == 0:
            self.outcome.lost += 1
        else:
            self._statuses[str(status)] += 1
        if status == 200:
            self.outcome.milliseconds.append(round(took * 1000, 3))
            self.outcome.wrong += self._expected[number] not in body
        self.outcome.with_retry_after += status == 429 and b"\r\nretry-after:" in head
        if self.job.rate:
            if status:
                self._idle.append(connection)
            if self._closing and not self._open:
                self._ended.set()
        elif status:
            self._next(connection)
        elif not self._open:
            self._ended.set()


def _request(port: int, body: str) -> bytes:
    content = body.encode()
    return (
        f"POST /invocations HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    ).encode() + content


def main() -> None:
    job = Job(**json.load(sys.stdin))

    async def run() -> Outcome:
        return await Load(job).run()

    json.dump(asdict(asyncio.run(run())), sys.stdout)


if __name__ == "__main__":
    main()
