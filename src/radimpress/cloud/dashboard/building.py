"""Waiting for what QuickSight builds after it has answered: data sources and dashboards."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from radimpress.runtime.errors import next_step

WAIT_S, POLL_S = 300.0, 2.0


def built(what: str, look: Callable[[], Mapping[str, Any]]) -> None:
    """Look until it is built. `look`: Status, and Errors or ErrorInfo, as QuickSight has them.

    Raises RadimpressError with QuickSight's reasons where it fails, and after `WAIT_S`.
    """
    deadline = time.monotonic() + WAIT_S
    while True:
        seen = look()
        status = str(seen["Status"])
        if status.endswith("_SUCCESSFUL"):
            return
        if not status.endswith("_IN_PROGRESS"):
            raise next_step(
                f"QuickSight did not build {what} ({status}{_reasons(seen)})",
                "mend that and run the same again; what was shown before still is",
            )
        if time.monotonic() > deadline:
            raise next_step(
                f"QuickSight has not built {what} after {WAIT_S:.0f} s ({status})",
                "run the same again, or look at it in QuickSight",
            )
        time.sleep(POLL_S)


def _reasons(seen: Mapping[str, Any]) -> str:
    """QuickSight's words. They name columns and data sets; values are not in them."""
    errors = seen.get("Errors") or [seen.get("ErrorInfo") or {}]
    return "".join(f"; {e.get('Type', '')}: {e.get('Message', '')}" for e in errors if e)
