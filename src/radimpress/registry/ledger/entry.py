"""One line of the ledger: who moved the champion, when, from what to what, and why."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, Literal

from radimpress.registry.ledger.author import author

Action = Literal["promote", "rollback"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What happened, before the ledger gave it a place."""

    time: str  # UTC, ISO 8601 with microseconds
    who: str
    action: Action
    name: str  # the registered model
    from_version: str | None  # None: there was no champion
    to_version: str | None  # None: a first promotion was taken back, so there is none again
    model_sha256: str = ""  # of the model folder of to_version
    gates: tuple[str, ...] = ()  # "name: pass", "name: fail", "name: overridden"
    overrides: Mapping[str, str] = field(default_factory=dict)  # gate -> the reason given
    reason: str = ""
    decision: str = ""  # sha256 of the decision record; "" for a rollback
    accepted: tuple[str, ...] = ()  # damage of the ledger that whoever wrote this knew of


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Draft):
    """A draft with its place in the chain."""

    sequence: int  # 1 for the first
    previous: str  # digest of the entry before; "" for the first
    digest: str  # sha256 of the canonical text, which holds everything above


def now() -> str:
    """The time in UTC, to the microsecond."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def draft(action: Action, name: str, came_from: str | None, goes_to: str | None) -> Draft:
    """A draft by whoever runs this, now."""
    return Draft(
        time=now(),
        who=author(),
        action=action,
        name=name,
        from_version=came_from,
        to_version=goes_to,
    )


def seal(written: Draft, sequence: int, previous: str) -> Entry:
    """Give a draft its place and its digest."""
    unsealed = Entry(**_values(written), sequence=sequence, previous=previous, digest="")
    return Entry(
        **_values(written),
        sequence=sequence,
        previous=previous,
        digest=digest(canonical(unsealed)),
    )


def canonical(entry: Entry) -> str:
    """The text that is kept and hashed: JSON with sorted keys, everything but the digest."""
    values = {key: value for key, value in asdict(entry).items() if key != "digest"}
    return json.dumps(values, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """The sha256 of a canonical text."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_entry(text: str) -> Entry:
    """The entry behind a canonical text. Raises ValueError for text that is none.

    Keys that this version does not know are left to the digest, so that a newer radimpress may
    write more.
    """
    known = {f.name for f in fields(Entry)} - {"digest"}
    try:
        kept: dict[str, Any] = {k: v for k, v in json.loads(text).items() if k in known}
        lists = {name: tuple(kept.get(name, ())) for name in ("gates", "accepted")}
        return Entry(**{**kept, **lists}, digest=digest(text))
    except (TypeError, AttributeError) as error:
        raise ValueError(f"no entry: {error}") from error


def sentence(entry: Draft) -> str:
    """The entry for people, one line: what the description of its version says in the MLflow UI."""
    moved = f"{entry.from_version or 'none'} → {entry.to_version or 'none'}"
    parts = [
        f"**{entry.action}** {moved} by {entry.who} at {entry.time[:16].replace('T', ' ')} UTC"
    ]
    if entry.overrides:
        given = "; ".join(f"{gate} ({why})" for gate, why in entry.overrides.items())
        parts.append(f"**OVERRIDDEN: {given}**")
    if entry.reason:
        parts.append(entry.reason)
    return ". ".join(parts)


def minute(time: str) -> str:
    """`2026-01-02T03:04:05.000000+00:00` as a reader wants it: `2026-01-02 03:04`."""
    return time[:16].replace("T", " ")


def _values(written: Draft) -> dict[str, Any]:
    return {f.name: getattr(written, f.name) for f in fields(Draft)}
