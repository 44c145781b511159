"""From the reports folder to a dashboard: Parquet to S3, tables in Glue, then QuickSight."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from radimpress.cloud.dashboard.catalogue import register
from radimpress.cloud.dashboard.quicksight import publish
from radimpress.cloud.dashboard.tables import write_tables
from radimpress.cloud.session import Session
from radimpress.cloud.storage import put_file

PREFIX = "dashboard"


@dataclass(frozen=True, slots=True)
class Published:
    """Where the results of a run lie, how many rows each table got, and the dashboard's address."""

    location: str
    rows: dict[str, int]
    url: str


def publish_results(session: Session, reports: Path, run: str, owner: str) -> Published:
    """Show the results of `run` beside those of earlier runs; asking again replaces them."""
    location = f"s3://{session.bucket}/{PREFIX}"
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "tables"
        rows = write_tables(reports, run, out)
        for part in sorted(out.rglob("*.parquet")):
            put_file(session, part, f"{location}/{part.relative_to(out).as_posix()}")
    register(session, location, run)
    return Published(location, rows, publish(session, run, owner))
