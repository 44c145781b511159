"""Where a model comes from, checked link by link, and how to have it all again."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from radimpress.commands.console import out

if TYPE_CHECKING:
    from rich.table import Table


def lineage(
    model: Annotated[
        str,
        typer.Argument(
            help="A version, an alias, models:/NAME@ALIAS, http://host:port of a `radimpress "
            "serve`, or a SageMaker endpoint; by default the champion, before the first one the "
            "challenger."
        ),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
    restore: Annotated[
        Path | None,
        typer.Option(help="Check code, data and model out into this new or empty folder."),
    ] = None,
) -> None:
    """Walk from what is served down to the data, and say which links hold.

    Endpoint or alias, version, run, configuration, git commit, dvc.lock, code, data: every hash
    that can be computed here is computed anew. Exits 1 when a link is broken.

    Example: radimpress lineage http://127.0.0.1:8080
    """
    from radimpress.config.load import from_params
    from radimpress.registry.lineage import view as lineage_view
    from radimpress.registry.lineage.restore import restore as restore_version
    from radimpress.registry.lineage.walk import walk

    config = from_params()
    if restore is None:
        walked = walk(config, model)
        _show(lineage_view.walk_json(walked), lineage_view.walk_table(walked), as_json)
        raise typer.Exit(walked.is_broken)
    restored = restore_version(config, model, restore)
    _show(lineage_view.restored_json(restored), lineage_view.restored_table(restored), as_json)
    raise typer.Exit(not restored.is_whole)


def _show(plain: dict[str, Any], table: "Table", as_json: bool) -> None:
    if as_json:
        print(json.dumps(plain, indent=1))
    else:
        out.print(table)
