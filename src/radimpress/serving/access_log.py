"""What one request leaves in the log: one JSON line, without text, paths or query strings."""

import json
import re
import secrets
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

from starlette.datastructures import Headers

NOTE = "radimpress.note"  # where a request's note stands in its ASGI scope
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))


@dataclass(slots=True)
class Note:
    """Kept while a request is answered. `started` is in seconds of the monotonic clock."""

    method: str
    request_id: str
    started: float = field(default_factory=time.monotonic)
    route: str = "unknown"  # as the app declares it, never the path that was asked for
    reports: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    status: int = 0

    @classmethod
    def of(cls, method: str, headers: Headers) -> "Note":
        """A note for a new request; the client's X-Request-ID is kept where it is plain."""
        given = headers.get("x-request-id", "")
        identity = given if _ID.fullmatch(given) else secrets.token_hex(8)
        return cls(method if method in _METHODS else "OTHER", identity)

    def seconds(self) -> float:
        """Since the head of the request was read."""
        return time.monotonic() - self.started

    def write(self) -> None:
        """The access line, on standard error."""
        plain = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "method": self.method,
            "route": self.route,
            "status": self.status,
            "ms": round(1000 * self.seconds(), 2),
            "reports": self.reports,
            "bytes_in": self.bytes_in,
            "bytes_out": self.bytes_out,
            "request_id": self.request_id,
        }
        sys.stderr.write(json.dumps(plain) + "\n")
        sys.stderr.flush()
