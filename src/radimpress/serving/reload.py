"""Hot reload: when the alias moves, the new version is loaded beside the old and takes over."""

import asyncio
from collections.abc import Callable

from radimpress.runtime.errors import RadimpressError
from radimpress.serving.logbook import log
from radimpress.serving.meters import Meters
from radimpress.serving.served_model import ServedModel
from radimpress.serving.sources import Source
from radimpress.serving.workers import Worker


class Reloader:
    """Looks at the alias; `error` says why the version it stands at is not served."""

    def __init__(
        self,
        source: Source,
        worker: Worker,
        meters: Meters,
        switch: Callable[[ServedModel], None],
    ) -> None:
        self._source, self._worker, self._meters = source, worker, meters
        self._switch = switch
        self._served = self._refused = ""
        self._silent = False  # whether the store did not answer last time
        self.error: str | None = None

    async def load_first(self) -> None:
        """Load what is to be served now. Raises what finding and loading raise."""
        version = await self._worker.run(self._source.find)
        self._switch(await self._worker.run(lambda: self._source.load(version)))
        self._served = version

    async def follow(self, every_s: float) -> None:
        """Look every `every_s` seconds, until cancelled."""
        while True:
            await asyncio.sleep(every_s)
            await self.look()

    async def look(self) -> None:
        """Look once. A store that does not answer, or a version that fails, changes nothing."""
        try:
            version = await self._worker.run(self._source.find)
        except Exception as error:  # sqlalchemy's, requests', mlflow's: the old model goes on
            if not self._silent:
                log("registry_silent", error=type(error).__name__)
            self._silent = True
            return
        if self._silent:
            log("registry_answers")
        self._silent = False
        if version == self._served:
            self._refused, self.error = "", None
        elif version != self._refused:
            await self._take(version)

    async def _take(self, version: str) -> None:
        try:
            model = await self._worker.run(lambda: self._source.load(version))
        except Exception as error:  # damaged files can raise anything
            self._refused = version
            reason = str(error) if isinstance(error, RadimpressError) else type(error).__name__
            self.error = f"version {version} is not served: {reason}"
            self._meters.reloaded("refused")
            log("reload_refused", version=version, reason=reason)
            return
        self._switch(model)
        self._served, self._refused, self.error = version, "", None
        self._meters.reloaded("switched")
