"""The outermost layer of the app: who may ask, headers, refusals, faults, access log, meters.

Nothing that goes wrong below it reaches the server's own handlers, which would print a traceback
with a message that could quote a report.
"""

import asyncio
import traceback
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers

from radimpress.serving.access_log import NOTE, Note
from radimpress.serving.guard import SECURITY_HEADERS, Guard
from radimpress.serving.health import Health
from radimpress.serving.logbook import log
from radimpress.serving.meters import Meters
from radimpress.serving.refusals import Code, Refusal

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]
GONE = 499  # nobody is there to read the answer


@dataclass(slots=True)
class Traffic:
    """Requests that have begun and not ended."""

    open: int = 0


class Edge:
    """ASGI middleware around everything else."""

    def __init__(
        self, app: App, guard: Guard, meters: Meters, health: Health, traffic: Traffic
    ) -> None:
        self._app, self._guard, self._meters = app, guard, meters
        self._health, self._traffic = health, traffic

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        note = scope[NOTE] = Note.of(scope["method"], headers)
        sending = self._sending(note, send)
        self._traffic.open += 1
        try:
            self._guard.check(scope["path"], headers)
            await self._app(scope, receive, sending)
        except Refusal as refusal:
            await self._refuse(refusal, note, sending)
        except asyncio.CancelledError:  # draining took too long
            problem, step = "the server ends", "send the request to another one"
            await self._refuse(Refusal(503, Code.shutting_down, problem, step), note, sending)
        except Exception as error:
            log("fault", error=type(error).__name__, where=_where(error), id=note.request_id)
            problem, step = "the server failed", "report this with the request id"
            await self._refuse(Refusal(500, Code.internal_error, problem, step), note, sending)
        finally:
            self._traffic.open -= 1
            route = getattr(scope.get("route"), "path", None)
            note.route = route if isinstance(route, str) else "unknown"
            self._meters.answered(note.route, note.status, note.seconds())
            note.write()

    def _sending(self, note: Note, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                note.status = message["status"]
                message["headers"] = [
                    *message.get("headers", ()),
                    *SECURITY_HEADERS,
                    (b"x-request-id", note.request_id.encode()),
                    *([(b"connection", b"close")] if self._health.draining else ()),
                ]
            else:
                note.bytes_out += len(message.get("body", b""))
            await send(message)

        return sending

    async def _refuse(self, refusal: Refusal, note: Note, send: Send) -> None:
        self._meters.rejected(refusal.code.value)
        if note.status:  # too late: the answer has begun
            return
        if refusal.status == GONE:
            note.status = GONE
            return
        body = refusal.body()
        headers = {
            "content-type": "application/json",
            "content-length": str(len(body)),
            **refusal.headers,
        }
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": refusal.status, "headers": raw})
        await send({"type": "http.response.body", "body": body})


def _where(error: BaseException) -> str:
    """The file and line that raised: a place in code quotes nothing."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
