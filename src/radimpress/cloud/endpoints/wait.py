"""Waiting for an endpoint that is being changed, and saying how it goes."""

import sys
import time
from collections.abc import Callable

from radimpress.cloud.endpoints.refusal import EndpointSilentError
from radimpress.cloud.endpoints.state import EndpointState, look
from radimpress.cloud.session import Session
from radimpress.runtime.errors import next_step

FIRST_S, LONGEST_S, GROWTH = 0.5, 10.0, 1.5  # between two looks
REPEAT_S = 60.0  # an unchanged state is said again


def settled(
    session: Session,
    seen: EndpointState,
    patience_s: float,
    meanwhile: Callable[[EndpointState], None] = lambda _: None,
) -> EndpointState | None:
    """The endpoint once nothing changes it any more; None where it is gone.

    `meanwhile` is called between two looks. Raises EndpointSilentError after `patience_s`.
    """
    started, pause = time.monotonic(), FIRST_S
    said, said_at = "", 0.0
    now: EndpointState | None = seen
    while now is not None and now.is_changing:
        spent = time.monotonic() - started
        words = f"{now.status}{f' ({now.phase})' if now.phase else ''}"
        if words != said or spent - said_at > REPEAT_S:
            said, said_at = words, spent
            print(f"endpoint {now.name}: {words}, {spent:.0f} s", file=sys.stderr, flush=True)
        if spent > patience_s:
            problem = f"endpoint {now.name} is still {now.status} after {spent:.0f} s"
            raise EndpointSilentError(
                str(next_step(problem, "look at it, then run the same again"))
            )
        meanwhile(now)
        time.sleep(pause)
        pause = min(LONGEST_S, pause * GROWTH)
        now = look(session, seen.name)
    return now
