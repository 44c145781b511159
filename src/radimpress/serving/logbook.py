"""The log: one JSON object a line on standard error. It never holds report text."""

import json
import logging
import sys
from datetime import UTC, datetime


def log(event: str, **fields: str | float | None) -> None:
    """Write one line: the time (UTC), the event, and `fields`."""
    time = datetime.now(UTC).isoformat(timespec="milliseconds")
    sys.stderr.write(json.dumps({"time": time, "event": event, **fields}) + "\n")
    sys.stderr.flush()


def tell(line: str) -> None:
    """Say a line to a person, where standard error is a terminal; a log gets none of it."""
    if sys.stderr.isatty():
        print(line, file=sys.stderr, flush=True)


def log_json() -> None:
    """Have Python's loggers write lines like ours.

    Only our own say what they say: another library's message could quote report text.
    """
    logging.root.handlers = [_Lines()]


class _Lines(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        ours = record.name.split(".")[0] == "radimpress"
        about = record.getMessage() if ours else None
        log("warning", logger=record.name, level=record.levelname, about=about)
