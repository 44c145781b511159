"""The last lines of an endpoint's container, shown where it fails; never report text."""

import json
from collections.abc import Iterable

from radimpress.cloud.refusals import error_code, spoken
from radimpress.cloud.session import Session

LINES, SHOWN, LONGEST = 200, 8, 300
ACCESS = '"route":'  # a line of our server's for every request: not what went wrong
ROUTINE = ("listening", "serving", "healthy", "draining", "stopped")  # events of a sound server
OURS = ("event", "error", "reason", "status", "model")  # of our server's lines, which quote nobody


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
                logGroupName=group, orderBy="LastEventTime", descending=True, limit=1
            )["logStreams"]
            if not streams:
                return []
            events = client.get_log_events(
                logGroupName=group, logStreamName=streams[0]["logStreamName"], limit=LINES
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
        if (ACCESS in line and _is_json(line)) or _event(line) in ROUTINE:
            continue
        said = line[:LONGEST] if public else _ours(line)
        if said:
            kept.append(said)
        else:
            withheld += 1
    shown = kept[-SHOWN:]
    return shown + ([f"({withheld} lines withheld: they may quote a report)"] if withheld else [])


def _event(line: str) -> str:
    """The event of a line of our server's; "" for any other."""
    try:
        plain = json.loads(line)
    except ValueError:
        return ""
    return str(plain.get("event", "")) if isinstance(plain, dict) else ""


def _is_json(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _ours(line: str) -> str:
    """A line that our programs wrote, without free text; "" for any other."""
    if line.startswith("error: "):
        return line[:LONGEST]
    try:
        plain = json.loads(line)
    except ValueError:
        return ""
    if not isinstance(plain, dict) or "event" not in plain:
        return ""
    return " ".join(f"{key}={plain[key]}" for key in OURS if key in plain)[:LONGEST]
