"""One running service: the model that answers, and all that works for it."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from radimpress.config.serving import Serving
from radimpress.serving.answers import Answer, answer
from radimpress.serving.batching import Batcher
from radimpress.serving.edge import Receive, Traffic
from radimpress.serving.golden import check_golden
from radimpress.serving.health import Health
from radimpress.serving.logbook import log
from radimpress.serving.meters import Meters
from radimpress.serving.refusals import Code, Refusal
from radimpress.serving.reload import Reloader
from radimpress.serving.requests import Ask, Asked, Options
from radimpress.serving.served_model import Identity, ServedModel
from radimpress.serving.sources import Source
from radimpress.serving.workers import Worker

if TYPE_CHECKING:
    from radimpress.corpus.report import Prediction

LAME_DUCK_S = 0.5  # while draining, how long kept-alive connections may still send a request

Draft = tuple[Identity, "Prediction"]


class Service:
    """Made on the event loop that it works on."""

    def __init__(self, settings: Serving, source: Source) -> None:
        self.settings, self.source = settings, source
        self.meters, self.health, self.traffic = Meters(), Health(), Traffic()
        self.model: ServedModel | None = None
        self._loader = Worker("load")
        self.reloader = Reloader(source, self._loader, self.meters, self._switch)
        self._batcher: Batcher[Draft] = Batcher(
            self._write,
            _finished,
            settings,
            self.meters,
            self.health.succeeded,
            self.health.failed,
        )
        self.meters.watch(lambda: self._batcher.queued, lambda: float(self.problem() is None))
        self._tasks: list[asyncio.Task[None]] = []

    def problem(self) -> str | None:
        """Why `/ping` is 503, or None."""
        return self.health.problem(self._batcher.busy_for(), self.settings.timeout_s)

    async def start(self) -> None:
        """Load the model, then work. Raises what loading raises."""
        self._begin(self._batcher.run())
        await self.reloader.load_first()
        self._begin(self.health.watch(self._ask_golden))
        if self.source.follows and self.settings.reload_s > 0:
            self._begin(self.reloader.follow(self.settings.reload_s))

    async def drain(self, hurried: Callable[[], bool]) -> bool:
        """Answer what was accepted; whether all of it was, within `drain_s` and unless hurried."""
        loop = asyncio.get_running_loop()
        began, self.health.draining = loop.time(), True
        log("draining", open=self.traffic.open)
        while (spent := loop.time() - began) < self.settings.drain_s and not hurried():
            if not self.traffic.open and spent >= LAME_DUCK_S:
                break
            await asyncio.sleep(0.02)
        return not self.traffic.open

    async def stop(self) -> None:
        """End the tasks. The worker threads are daemons and need no end."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def idle(self) -> bool:
        """Whether no worker thread runs."""
        return self._loader.idle and self._batcher.idle

    async def summarize(self, asked: Asked, deadline: float, receive: Receive) -> list[Answer]:
        """Answers in order. Raises Refusal: 429, 499, 500, 503, 504."""
        self.current()
        ticket = self._batcher.accept(asked.asks, deadline)
        gone = asyncio.ensure_future(_gone(receive))
        try:
            left = deadline - asyncio.get_running_loop().time()
            waited: Sequence[asyncio.Future[Any]] = (ticket.answers, gone)
            await asyncio.wait(waited, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            if ticket.answers.done():
                answers: list[Answer] = ticket.answers.result()
                return answers
            if gone.done():
                raise Refusal(499, Code.client_gone, "the client has gone", "send it again")
            raise Refusal(
                504,
                Code.timeout,
                f"there was no answer within {self.settings.timeout_s:g} s",
                "send fewer reports at once, or again later",
            )
        finally:
            gone.cancel()
            ticket.abandon()

    def current(self) -> ServedModel:
        """The model that answers. Raises Refusal (503) while the first one is loaded."""
        if self.model is None:
            raise Refusal(
                503,
                Code.not_ready,
                "the model is being loaded",
                "ask again when /ping answers 200",
                headers={"Retry-After": "1"},
            )
        return self.model

    def _switch(self, model: ServedModel) -> None:
        """From the next batch on `model` answers; a batch that runs ends with the old one."""
        before, self.model = self.model, model
        self.health.loaded = True
        self.health.succeeded()
        self.meters.serving(model)
        log(
            "serving",
            name=model.identity.name,
            version=model.identity.version,
            before=before.identity.version if before else None,
            engine=model.engine,
        )

    def _write(self, options: Options, asks: Sequence[Ask]) -> list[Draft]:
        model = self.current()
        return [(model.identity, each) for each in model.write(options, asks)]

    async def _ask_golden(self) -> None:
        model = self.current()
        await self._batcher.ask(lambda: check_golden(model.write))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(work))


def _finished(ask: Ask, draft: Draft) -> Answer:
    identity, written = draft
    return answer(ask, written, identity)


async def _gone(receive: Receive) -> None:
    """Ends when the client closes its connection."""
    while (await receive())["type"] != "http.disconnect":
        pass
