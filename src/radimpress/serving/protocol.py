"""uvicorn's HTTP/1.1, less patient, and in our words where what arrives is no HTTP."""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from radimpress.serving.refusals import Code, Refusal


class PatientProtocol(H11Protocol):
    """Closes a connection whose next request's head does not arrive within `patience_s` seconds.

    uvicorn waits for ever for a head that trickles, and for a first one that never comes.
    """

    def __init__(self, patience_s: float, **given: Any) -> None:
        super().__init__(**given)
        self._patience_s = patience_s
        self._giving_up: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn
        """The clock runs from here."""
        super().connection_made(transport)
        self._giving_up = self.loop.call_later(self._patience_s, transport.close)

    def data_received(self, data: bytes) -> None:
        """The clock stops while a request is answered, and runs again with the next head."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop()
        elif self._giving_up is None:
            self._giving_up = self.loop.call_later(self._patience_s, self.transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is left to wait for."""
        self._stop()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP in JSON, as everything else is refused."""
        body = Refusal(400, Code.bad_http, msg, "send HTTP/1.1").body()
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        head = h11.Response(status_code=400, headers=headers, reason=b"Bad Request")
        for event in (head, h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _stop(self) -> None:
        if self._giving_up is not None:
            self._giving_up.cancel()
            self._giving_up = None
