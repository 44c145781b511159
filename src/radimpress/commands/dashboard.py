"""Show results where the rest of the organisation looks."""

import json
import re
import sys
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from radimpress.runtime.errors import next_step

REPORTS = Path("reports")


class DashboardTarget(Enum):
    """Where results are shown."""

    report = "report"
    quicksight = "quicksight"


def dashboard(
    target: Annotated[
        DashboardTarget,
        typer.Option(help="report: reports/report.html; quicksight: a dashboard in AWS."),
    ] = DashboardTarget.report,
    owner: Annotated[
        str | None,
        typer.Option(help="ARN of the QuickSight user or group that may see and change it."),
    ] = None,
    run: Annotated[
        str | None,
        typer.Option(help="What this run is called there; by default its fingerprint."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the requests, send nothing.")
    ] = False,
) -> None:
    """Show the results of the last evaluation; in QuickSight beside those of earlier runs.

    Metrics with their intervals and scores of single reports go there, without text and without
    study ids. QuickSight is paid by the user and month, whoever looks.

    Example: radimpress dashboard --target quicksight --owner arn:aws:quicksight:...:user/default/me
    """
    if target is DashboardTarget.report:
        page = REPORTS / "report.html"
        if not page.is_file():
            raise next_step(f"{page} is missing", "run `dvc repro evaluate`")
        print(page.resolve().as_uri())
        return
    from radimpress.config.fingerprint import result_fingerprint
    from radimpress.config.load import from_params

    if not owner or not owner.startswith("arn:"):
        raise next_step(
            f"--owner is {owner!r}, expected the ARN of a QuickSight user or group",
            "run `aws quicksight list-users --aws-account-id ACCOUNT --namespace default`",
        )
    config = from_params()
    name = run or result_fingerprint(config)[:12]
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,64}", name):
        raise next_step(f"--run is {name!r}", "use letters, digits, dots, - and _ (64 at most)")
    from radimpress.cloud.session import open_session

    session = open_session(config.cloud)
    if dry_run:
        from radimpress.cloud.dashboard.quicksight import requests

        json.dump(requests(session, name, owner), sys.stdout, indent=2)
        print()
        return
    from radimpress.cloud.dashboard.publishing import publish_results

    done = publish_results(session, REPORTS, name, owner)
    rows = ", ".join(f"{count:,} rows of {table}" for table, count in done.rows.items())
    print(f"{done.location}: {rows}, run {name}")
    print(done.url)
