"""A thread that runs calls one after another and gives asyncio futures for them."""

import asyncio
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")


class _Call(Generic[Result]):
    __slots__ = ("call", "future", "loop")

    def __init__(self, call: Callable[[], Result]) -> None:
        self.call, self.loop = call, asyncio.get_running_loop()
        self.future: asyncio.Future[Result] = self.loop.create_future()

    def run(self) -> None:
        result: Any = None
        error: BaseException | None = None
        try:
            result = self.call()
        except BaseException as raised:  # whatever it is, the future must be settled
            error = raised
        try:
            self.loop.call_soon_threadsafe(self._settle, result, error)
        except RuntimeError:
            return  # the loop has closed: nobody waits any more

    def _settle(self, result: Result, error: BaseException | None) -> None:
        if self.future.done():
            return
        if error is not None:
            self.future.set_exception(error)
        else:
            self.future.set_result(result)


class Worker:
    """One daemon thread: unlike a pool's, a call that never ends does not keep the process alive.

    `idle`: no call runs.
    """

    def __init__(self, name: str) -> None:
        self.idle = True
        self._calls: SimpleQueue[_Call[Any]] = SimpleQueue()
        threading.Thread(target=self._work, name=name, daemon=True).start()

    def run(self, call: Callable[[], Result]) -> "asyncio.Future[Result]":
        """Queue `call`; the future belongs to the running loop, where its error is raised."""
        queued = _Call(call)
        self._calls.put(queued)
        return queued.future

    def _work(self) -> None:
        while True:
            call = self._calls.get()
            self.idle = False
            call.run()
            self.idle = True
