"""Dynamic micro-batching: what waits while the model is busy is generated together.

All bookkeeping is on the event loop, so there are no locks. Two threads do the work: one generates,
one holds the statements of finished impressions against their findings while the next batch is
already generated.
"""

import asyncio
import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from radimpress.config.serving import Serving
from radimpress.serving.logbook import log
from radimpress.serving.meters import Meters
from radimpress.serving.refusals import Code, Refusal
from radimpress.serving.requests import Ask, Options
from radimpress.serving.workers import Worker

Draft = TypeVar("Draft")


class Ticket:
    """One accepted request: `answers` is done when every report of it is.

    `deadline` is in seconds of the loop's clock. Who stops waiting says `abandon`.
    """

    __slots__ = ("_answers", "_left", "answers", "deadline", "wanted")

    def __init__(self, reports: int, deadline: float) -> None:
        self.answers: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
        self.deadline, self.wanted = deadline, True
        self._answers: list[Any] = [None] * reports
        self._left = reports

    def abandon(self) -> None:
        """Nobody waits any more: what is not generated yet never will be."""
        self.wanted = False
        self.answers.cancel()

    def settle(self, place: int, answer: Any) -> None:
        """Report number `place` has its answer, or the refusal that stands for the request's."""
        if self.answers.done():
            return
        if isinstance(answer, Refusal):
            self.wanted = False
            self.answers.set_exception(answer)
            return
        self._answers[place] = answer
        self._left -= 1
        if not self._left:
            self.answers.set_result(self._answers)


@dataclass(frozen=True, slots=True)
class Job:
    """One report of a ticket."""

    ask: Ask
    ticket: Ticket
    place: int


class Batcher(Generic[Draft]):
    """Accepts reports, generates them in batches, answers in order.

    `write` generates a batch in one thread, `finish` makes a draft an answer in another. `on_error`
    and `on_success` are told, on the loop, how each batch ended.
    """

    def __init__(
        self,
        write: Callable[[Options, Sequence[Ask]], list[Draft]],
        finish: Callable[[Ask, Draft], Any],
        limits: Serving,
        meters: Meters,
        on_success: Callable[[], None],
        on_error: Callable[[], None],
    ) -> None:
        self._write, self._finish = write, finish
        self._limits, self._meters = limits, meters
        self._on_success, self._on_error = on_success, on_error
        self._waiting: deque[Job] = deque()
        self._work = asyncio.Event()
        self._generating, self._finishing = Worker("generate"), Worker("finish")
        self._busy_since: float | None = None
        self._last_size, self._last_end, self._pace = 0, -math.inf, 0.01

    @property
    def queued(self) -> int:
        """Reports that wait for the model."""
        return len(self._waiting)

    @property
    def idle(self) -> bool:
        """Whether neither thread works."""
        return self._generating.idle and self._finishing.idle

    def busy_for(self) -> float:
        """Seconds since the running batch began; 0 where none runs."""
        now = asyncio.get_running_loop().time()
        return 0.0 if self._busy_since is None else now - self._busy_since

    def accept(self, asks: Sequence[Ask], deadline: float) -> Ticket:
        """Queue all of `asks`, or none. Raises Refusal (429) where they do not fit."""
        if len(self._waiting) + len(asks) > self._limits.max_queue:
            self._waiting = deque(job for job in self._waiting if job.ticket.wanted)
        if len(self._waiting) + len(asks) > self._limits.max_queue:
            seconds = max(1, math.ceil(len(self._waiting) * self._pace))
            raise Refusal(
                429,
                Code.queue_full,
                f"{len(self._waiting)} reports wait, {len(asks)} more do not fit",
                f"send the request again in {seconds} s",
                headers={"Retry-After": str(seconds)},
            )
        ticket = Ticket(len(asks), deadline)
        self._waiting.extend(Job(ask, ticket, place) for place, ask in enumerate(asks))
        self._work.set()
        return ticket

    async def run(self) -> None:
        """Work until cancelled. While one batch is generated, the one before it is finished."""
        finishing: asyncio.Future[None] | None = None
        while True:
            await self._work.wait()
            await self._company()
            batch = self._take()
            if not batch:
                continue
            written = await self._generate(batch)
            if finishing is not None:
                await finishing
            finishing = self._finishing.run(partial(self._finish_all, written))

    async def ask(self, check: Callable[[], None]) -> None:
        """Run `check` in the generating thread, between batches; raises what it raises."""
        await self._generating.run(check)

    async def _company(self) -> None:
        """Wait a moment for those who were answered together and are about to ask again.

        A lone client, and a request after a pause, wait for nobody.
        """
        wait = self._limits.max_wait_ms / 1000
        loop = asyncio.get_running_loop()
        until = self._last_end + wait
        expected = min(self._last_size, self._limits.max_batch)
        while len(self._waiting) < expected and (left := until - loop.time()) > 0:
            await asyncio.sleep(min(left, 0.0005))

    def _take(self) -> list[Job]:
        """The next batch: the oldest job and those behind it that are decoded in the same way."""
        now = asyncio.get_running_loop().time()
        taken: list[Job] = []
        left: deque[Job] = deque()
        while self._waiting and len(taken) < self._limits.max_batch:
            job = self._waiting.popleft()
            if not job.ticket.wanted or job.ticket.deadline <= now:
                self._meters.dropped.inc()
            elif not taken or job.ask.options == taken[0].ask.options:
                taken.append(job)
            else:
                left.append(job)
        self._waiting.extendleft(reversed(left))
        if not self._waiting:
            self._work.clear()
        return taken

    async def _generate(self, batch: list[Job]) -> list[tuple[Job, Draft]]:
        loop = asyncio.get_running_loop()
        started = self._busy_since = loop.time()
        self._meters.batch.observe(len(batch))
        try:
            written = await self._written(batch)
        finally:
            self._busy_since = None
        self._last_end, self._last_size = loop.time(), len(batch)
        self._pace += 0.2 * ((self._last_end - started) / len(batch) - self._pace)
        return written

    async def _written(self, batch: list[Job]) -> list[tuple[Job, Draft]]:
        """Pairs of jobs and drafts. Where a batch raises, each report is tried on its own."""
        options, asks = batch[0].ask.options, [job.ask for job in batch]
        try:
            drafts = await self._generating.run(lambda: self._write(options, asks))
            pairs = list(zip(batch, drafts, strict=True))
        except Exception as error:  # whatever a model raises, the server goes on
            self._meters.failures.inc()
            log("generation_failed", error=type(error).__name__, reports=len(batch))
            self._on_error()
            if len(batch) > 1:
                alone = [await self._written([job]) for job in batch if job.ticket.wanted]
                return [pair for one in alone for pair in one]
            problem, step = "the model could not answer", "send the request again later"
            refusal = Refusal(500, Code.generation_failed, problem, step)
            batch[0].ticket.settle(batch[0].place, refusal)
            return []
        self._on_success()
        return pairs

    def _finish_all(self, written: list[tuple[Job, Draft]]) -> None:
        """In the finishing thread: answer report by report."""
        for job, draft in written:
            if not job.ticket.wanted:
                continue
            answer: Any
            try:
                answer = self._finish(job.ask, draft)
            except Exception as error:  # one report must not take its batch along
                log("statements_failed", error=type(error).__name__)
                problem, step = (
                    "the statements could not be checked",
                    'ask with "statements": false',
                )
                answer = Refusal(500, Code.internal_error, problem, step)
            loop = job.ticket.answers.get_loop()
            loop.call_soon_threadsafe(job.ticket.settle, job.place, answer)
