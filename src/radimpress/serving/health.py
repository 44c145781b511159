"""Whether the model answers: what `/ping` says, and the watchdog that asks again."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from radimpress.serving.logbook import log

IDLE_S = 30.0  # a model that has answered nobody for so long is asked
RETRY_S = 2.0  # between two questions to a model that fails


class Health:
    """Set on the event loop only. Starts as loading."""

    def __init__(self) -> None:
        self.loaded, self.draining = False, False
        self._failing = False
        self._last_answer = 0.0
        self._trouble = asyncio.Event()

    def problem(self, busy_for: float, timeout_s: float) -> str | None:
        """Why `/ping` is 503, or None. `busy_for`: seconds since the running batch began."""
        if self.draining:
            return "draining"
        if not self.loaded:
            return "loading"
        if self._failing:
            return "failing"
        return "stuck" if busy_for > timeout_s else None

    def succeeded(self) -> None:
        """A batch was answered."""
        self._last_answer = asyncio.get_running_loop().time()

    def failed(self) -> None:
        """A batch raised: 503 until the model has answered the golden requests again."""
        self._failing = True
        self._trouble.set()

    async def watch(self, ask_golden: Callable[[], Awaitable[None]]) -> None:
        """Ask the golden requests after every failure, and when nobody else has asked for long."""
        loop = asyncio.get_running_loop()
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._trouble.wait(), IDLE_S)
            if not self.loaded or (not self._failing and loop.time() - self._last_answer < IDLE_S):
                continue
            self._trouble.clear()
            try:
                await ask_golden()
            except Exception as error:  # whatever a model raises
                if not self._failing:
                    log("unhealthy", error=type(error).__name__)
                self._failing = True
                await asyncio.sleep(RETRY_S)
                self._trouble.set()
            else:
                self.succeeded()
                if self._trouble.is_set():  # a batch raised meanwhile: ask once more
                    continue
                if self._failing:
                    log("healthy")
                self._failing = False
