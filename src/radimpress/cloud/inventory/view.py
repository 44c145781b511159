"""The inventory for a person, and for a program."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from radimpress.cloud.instances import PRICES_DATE
from radimpress.cloud.inventory.listing import Inventory
from radimpress.cloud.inventory.resource import HOURS_A_MONTH, Kind, Resource
from radimpress.cloud.session import Session

if TYPE_CHECKING:
    from rich.table import Table

JOBS = (Kind.training_job, Kind.processing_job, Kind.transform_job, Kind.tuning_job)


def as_table(shown: Sequence[Resource], now: datetime | None = None) -> "Table":
    """A line a resource: what, state, age, dollars an hour and a month."""
    from rich.table import Table

    now = now or datetime.now(UTC)
    table = Table("kind", box=None, pad_edge=False)
    table.add_column("name", overflow="fold")  # whole: alarms differ in their last word
    table.add_column("state")
    table.add_column("age", no_wrap=True)
    for column in ("$/hour", "$/month"):
        table.add_column(column, justify="right")
    for each in shown:
        state = f"{each.state} {each.note}".strip() if each.is_data else each.state
        per_hour, per_month = _usd(each.usd_per_hour, 3), _usd(each.usd_per_month, 2)
        table.add_row(each.kind.value, each.name, state, age(each, now), per_hour, per_month)
    return table


def total(found: Inventory) -> str:
    """One line: all together, and what it leaves out."""
    hourly = found.usd_per_hour
    least = "at least " if found.unpriced or found.unseen else ""
    line = (
        f"{least}${hourly:,.3f} an hour, ${hourly * HOURS_A_MONTH:,.2f} a month as it stands "
        f"(list of {PRICES_DATE}, us-east-1, on demand)"
    )
    if found.unpriced:
        line += f"; no price is known for {', '.join(found.unpriced)}"
    return line


def gone(resource: Resource) -> str:
    """What a teardown did to it: AWS keeps the records of jobs, and we keep the bucket."""
    if resource.kind is Kind.objects:
        return "emptied; the bucket itself stays"
    return "stopped" if resource.kind in JOBS else "removed"


def where(session: Session) -> str:
    """Which account is looked at, and for which project."""
    rehearsal = ", a rehearsal on this machine" if session.is_loopback else ""
    return f"project {session.cloud.project}, {session.account} {session.region}{rehearsal}"


def as_dict(found: Inventory, session: Session) -> dict[str, Any]:
    """For `--json`: every resource, ended jobs too."""
    return {
        "project": session.cloud.project,
        "account": session.account,
        "region": session.region,
        "resources": [_plain(each) for each in found.resources],
        "usd_per_hour": round(found.usd_per_hour, 6),
        "unpriced": found.unpriced,
        "unseen": list(found.unseen),
    }


def age(resource: Resource, now: datetime) -> str:
    """How long ago it was made: "3 d", "5 h", "12 min"; "" where AWS does not say."""
    if resource.created is None:
        return ""
    made = resource.created
    made = made if made.tzinfo else made.replace(tzinfo=UTC)
    minutes = max(0, int((now - made).total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} d"


def _usd(amount: float | None, digits: int) -> str:
    return "?" if amount is None else f"{amount:,.{digits}f}" if amount else ""


def _plain(resource: Resource) -> dict[str, Any]:
    created = resource.created.isoformat() if resource.created else None
    return {**asdict(resource), "kind": resource.kind.value, "created": created}
