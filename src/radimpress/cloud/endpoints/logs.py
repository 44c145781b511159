"""The last lines of an endpoint's container, shown where it fails; never report text."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from radimpress.cloud.refusals import error_code, spoken
from radimpress.cloud.session import Session

LINES, SHOWN, LONGEST, STREAMS = 200, 8, 300, 50
ACCESS = {"time", "route", "ms", "request_id"}  # our server's line for every request
ROUTINE = frozenset({"listening", "serving", "healthy", "draining", "stopped"})  # of a sound server
TROUBLE = frozenset(
    {
        *("generation_failed", "statements_failed", "fault", "loop_fault", "warning"),
        *("registry_silent", "registry_answers", "reload_refused", "unhealthy", "not_announced"),
    }
)
SHOWN_FIELDS = ("event", "error", "where", "status", "version", "logger", "level")
TOKEN = re.compile(r"[\w.:/@-]{1,100}")  # a name or a number; a sentence could be a report's
ERROR, NEXT = "error: ", "; next: "  # around what our programs say as they end


def last_lines(session: Session, endpoint: str, public: bool) -> list[str]:
    """What the newest container of `endpoint` said last; [] where it said nothing.

    Lines that are not our server's are withheld unless the corpus is public: another program may
    quote a request.
    """
    client = session.client("logs")
    group = f"/aws/sagemaker/Endpoints/{endpoint}"
    with spoken(f"read the log of endpoint {endpoint}"):
        try:
            streams = client.describe_log_streams(
                logGroupName=group, orderBy="LastEventTime", descending=True, limit=STREAMS
            )["logStreams"]
            if not streams:
                return []
            newest = max(streams, key=_began)  # the old fleet may have spoken since
            events = client.get_log_events(
                logGroupName=group, logStreamName=newest["logStreamName"], limit=LINES
            )["events"]
        except client.exceptions.ClientError as error:
            if error_code(error) == "ResourceNotFoundException":
                return []
            raise
    return showable((str(event["message"]) for event in events), public)


def showable(lines: Iterable[str], public: bool) -> list[str]:
    """The last lines that may be shown, and how many were withheld."""
    kept, withheld = [], 0
    for line in filter(None, map(str.strip, lines)):
        plain = _our_object(line)
        if plain.keys() >= ACCESS or plain.get("event") in ROUTINE:
            continue
        said = line[:LONGEST] if public else _ours(line, plain)
        if said:
            kept.append(said)
        else:
            withheld += 1
    shown = kept[-SHOWN:]
    return shown + ([f"({withheld} lines withheld: they may quote a report)"] if withheld else [])


def _began(stream: Mapping[str, Any]) -> tuple[int, int]:
    return int(stream.get("creationTime", 0)), int(stream.get("lastEventTimestamp", 0))


def _our_object(line: str) -> dict[str, Any]:
    """A line in the form of our server's log; empty for any other, whatever else it is."""
    try:
        plain = json.loads(line)
        datetime.fromisoformat(plain["time"])
    except (ValueError, KeyError, TypeError):
        return {}
    is_ours = str(plain.get("event")) in ROUTINE | TROUBLE or plain.keys() >= ACCESS
    return plain if is_ours else {}


def _ours(line: str, plain: Mapping[str, Any]) -> str:
    """What our programs wrote, without free text; "" for a line of any other.

    Another program's line may begin with "error: " or have an "event", and quote a request there.
    """
    if line.startswith(ERROR) and NEXT in line:
        return line[:LONGEST]
    told = {key: str(plain[key]) for key in SHOWN_FIELDS if plain.get(key) is not None}
    return " ".join(f"{k}={v}" for k, v in told.items() if TOKEN.fullmatch(v))[:LONGEST]
