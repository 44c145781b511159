"""CloudWatch Logs of jobs and endpoints: straight into moto's records."""

import threading
import time
from typing import Any

from loopback.call import ACCOUNT

LONGEST = 256 * 1024  # bytes of an event that CloudWatch takes


class LogStream:
    """One stream of a log group, made at its first line."""

    def __init__(self, region: str, group: str, stream: str) -> None:
        self._region, self._group, self._stream = region, group, stream
        self._lock = threading.Lock()
        self._made = False

    def _backend(self) -> Any:
        from moto.logs.models import logs_backends

        return logs_backends[ACCOUNT][self._region]

    def write(self, line: str) -> None:
        """Append a line."""
        with self._lock:
            logs = self._backend()
            if not self._made:
                if self._group not in logs.groups:
                    logs.create_log_group(self._group, {})
                if self._stream not in logs.groups[self._group].streams:
                    logs.create_log_stream(self._group, self._stream)
                self._made = True
            event = {"timestamp": int(time.time() * 1000), "message": line[:LONGEST] or " "}
            logs.put_log_events(self._group, self._stream, [event])
