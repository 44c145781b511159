"""The set-up and the stores: are they sound, and where to look at them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from radimpress.commands.console import out
from radimpress.runtime.errors import next_step

if TYPE_CHECKING:
    from radimpress.health.findings import Finding


def ui(
    port: Annotated[int, typer.Option(help="Where it listens, on 127.0.0.1.")] = 5000,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
) -> None:
    """Open the MLflow UI where runs are compared."""
    from radimpress.cloud.account import managed_mlflow
    from radimpress.config.load import from_params
    from radimpress.tracking.store import tracking_uri
    from radimpress.tracking.ui import serve_ui

    config = from_params()
    if managed_mlflow.is_managed(uri := tracking_uri(config.tracking)):
        from radimpress.cloud.session import open_session

        out.print(managed_mlflow.page(open_session(config.cloud), uri), soft_wrap=True)
        return
    serve_ui(config.tracking, port, browser)


def doctor(
    overrides: Annotated[
        list[str] | None,
        typer.Argument(help="With --aws: Hydra overrides, e.g. compute=sagemaker_p5_4xlarge."),
    ] = None,
    aws: Annotated[
        bool, typer.Option("--aws", help="Look at the AWS account instead of this machine.")
    ] = False,
) -> None:
    """Say what of the set-up works, and what to do about what does not.

    With --aws: credentials, permissions, role, bucket, quotas, images, remote, for what params.yaml
    or the overrides would start. Nothing is changed.

    Example: radimpress doctor --aws compute=sagemaker_p5_4xlarge
    """
    from rich.markup import escape
    from rich.table import Table

    findings = _of_aws(overrides or []) if aws else _of_this_machine()
    table = Table("", "check", box=None, pad_edge=False)
    table.add_column("seen", overflow="fold")  # names of buckets and roles are copied from here
    table.add_column("next step", overflow="fold")
    marks = {"ok": "[green]ok[/]", "warn": "[yellow]warn[/]", "fail": "[red]fail[/]"}
    for found in findings:
        table.add_row(marks[found.state], found.subject, escape(found.seen), escape(found.step))
    out.print(table)
    raise typer.Exit(any(found.state == "fail" for found in findings))


def _of_this_machine() -> "list[Finding]":
    from radimpress.health.doctor import examine

    return examine(Path.cwd())


def _of_aws(overrides: list[str]) -> "list[Finding]":
    from radimpress.config.load import compose, from_params
    from radimpress.health.aws import examine_aws

    return examine_aws(compose(overrides) if overrides else from_params(), Path.cwd())


def verify() -> None:
    """Re-hash everything that dvc.lock names, in the workspace and in DVC's cache.

    DVC trusts modification times; this reads every byte. Exits 1 when something differs.
    """
    from radimpress.health.verify import verify as check

    results = check(Path.cwd())
    broken = [result for result in results if not result.is_sound]
    for result in broken:
        where = "" if result.workspace != "agrees" else " in DVC's cache"
        state = result.workspace if result.workspace != "agrees" else "damaged"
        files = f" ({', '.join(result.files)})" if result.files else ""
        out.print(f"{state}: {result.locked.path}{where}{files}, stage {result.locked.stage}")
    kept = sum(result.cache == "agrees" for result in results)
    if broken:
        raise next_step(
            f"{len(broken)} of {len(results)} paths of dvc.lock do not agree",
            "`dvc repro` makes them anew (for a damaged cache object: dvc repro --force STAGE)",
        )
    out.print(
        f"{len(results)} paths agree with dvc.lock; {kept} outputs are sound in the cache too"
    )
