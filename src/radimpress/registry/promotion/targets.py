"""What users reach: places that are brought in line with the champion, one after another."""

import http.client
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from radimpress.config.deployment import DeploymentTarget
from radimpress.config.schema import Config
from radimpress.registry.versions import CHAMPION, Version
from radimpress.runtime.errors import RadimpressError, next_step
from radimpress.runtime.processes import lives
from radimpress.runtime.roots import mlruns_root

WAIT_S = 300.0  # a large model takes minutes to load beside the old one
POLL_S = 0.2
ANSWER_S = 10.0


class UnreachedError(RadimpressError):
    """A target could not be asked, so that nobody knows whether it would have refused."""


class Target(Protocol):
    """A place where users reach the champion."""

    name: str

    def serve(self, version: Version) -> str:
        """Block until what users reach answers with `version`; say in a line what that is.

        Asking twice is asking once. Raises RadimpressError where the target refuses the version;
        it then still serves what it served. Raises UnreachedError where it could not be asked.
        """
        ...

    def served(self) -> str | None:
        """The number of the version that users reach now; None where nothing is served."""
        ...


def targets(config: Config) -> list[Target]:
    """Every target that a promotion under `config` has to bring in line."""
    token = os.environ.get(config.serving.token_variable, "")
    local = LocalServers(config.tracking.registered_model, mlruns_root() / "servers", token)
    if config.deployment.target is DeploymentTarget.none:
        return [local]
    from radimpress.registry.promotion.sagemaker_target import SageMakerEndpoint

    return [local, SageMakerEndpoint(config)]


@dataclass(frozen=True, slots=True)
class _Server:
    url: str
    process: int


class LocalServers:
    """Every `radimpress serve` of this machine that follows the alias.

    Each leaves a file `<pid>.json` ({"url", "model", "pid"}) in `folder` as long as it runs. They
    see the alias move by themselves; this waits until each has switched, or says why it did not.
    """

    name = "local servers"

    def __init__(self, model: str, folder: Path, token: str = "", wait_s: float = WAIT_S) -> None:
        self.follows = f"models:/{model}@{CHAMPION}"
        self.folder, self.token, self.wait_s = folder, token, wait_s

    def serve(self, version: Version) -> str:
        """Wait until every server answers with `version`."""
        deadline = time.monotonic() + self.wait_s
        switched = [s.url for s in self._running() if self._switched(s, version.number, deadline)]
        if not switched:
            return "no local server follows the champion"
        return f"{', '.join(switched)} answers with version {version.number}"

    def served(self) -> str | None:
        """The version of the first server that answers."""
        states = (self._state(server) for server in self._running())
        return next((str(state["version"]) for state in states if state), None)

    def _switched(self, server: _Server, number: str, deadline: float) -> bool:
        """True once it answers with version `number`; False where it is gone meanwhile."""
        while True:
            state = self._state(server)
            if state is None:
                return False
            seen = str(state.get("version", ""))
            if seen == number:
                return True
            failure = str(state.get("reload_error") or "")
            if failure.startswith(f"version {number} "):  # an older one is about another version
                raise _refusal(server, number, failure)
            if time.monotonic() > deadline:
                still = f"it still answers with version {seen}" if seen else "it does not answer"
                raise _refusal(server, number, f"{still} after {self.wait_s:.0f} s")
            time.sleep(POLL_S)

    def _running(self) -> Iterator[_Server]:
        for path in sorted(self.folder.glob("*.json")):
            try:
                noted = json.loads(path.read_text(encoding="utf-8"))
                server = _Server(str(noted["url"]), int(noted["pid"]))
            except (OSError, ValueError, KeyError, TypeError):
                continue  # it ended just now, or is about to be whole
            if noted.get("model") == self.follows and lives(server.process):
                yield server

    def _state(self, server: _Server) -> dict[str, Any] | None:
        """What `GET /model` says; {} while it says nothing, None where nobody listens any more."""
        address = urlsplit(server.url)
        connection = http.client.HTTPConnection(
            address.hostname or "", address.port, timeout=ANSWER_S
        )
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        try:
            connection.request("GET", "/model", headers=headers)
            answer = connection.getresponse()
            body = answer.read()
        except TimeoutError:
            return {}
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        if answer.status in (401, 403):
            raise next_step(
                f"{server.url} does not say what it serves (status {answer.status})",
                "set RADIMPRESS_TOKEN as it was set for the server",
            )
        if answer.status != 200:
            return {}
        try:
            state = json.loads(body)
        except ValueError:  # somebody else answers at a port that a killed server had
            return {}
        return state if isinstance(state, dict) else {}


def _refusal(server: _Server, number: str, why: str) -> RadimpressError:
    return next_step(
        f"{server.url} does not take version {number}: {why}",
        "look at the server's log",
    )
