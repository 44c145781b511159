"""A command line whose commands are imported when they are asked for."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperGroup

HOME = "radimpress.commands"


class LazyGroup(TyperGroup):
    """Takes its commands from a table of places, "module:function" in radimpress.commands."""

    places: ClassVar[dict[str, tuple[str, str]]] = {}  # name to (panel of --help, place)

    @staticmethod
    def of(panels: Mapping[str, Sequence[str]]) -> type["LazyGroup"]:
        """The class of a group with these commands, by the panels under which `--help` lists them.

        A command has its function's name, with dashes for underscores, as in Typer.
        """
        places = {
            place.partition(":")[2].replace("_", "-"): (panel, place)
            for panel, named in panels.items()
            for place in named
        }
        return type("LazyGroup", (LazyGroup,), {"places": places})

    def __init__(self, **settings: Any) -> None:
        names: dict[str, Any] = dict.fromkeys(self.places)  # enough for "Did you mean ...?"
        super().__init__(**settings)
        self.commands = names

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  # typer's signature
        """The names in the order of the table."""
        return list(self.places)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002  # typer's signature
        """The command of that name, imported now; None where there is none."""
        return load(*self.places[cmd_name]) if cmd_name in self.places else None

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002  # typer's signature
        """Print the page of all commands."""
        from radimpress.commands.help_page import first_paragraph, show_help

        panels: dict[str, list[tuple[str, str]]] = {}
        for name, (panel, place) in self.places.items():
            about = first_paragraph(load(panel, place).help or "")
            panels.setdefault(panel, []).append((name, about))
        records = [parameter.get_help_record(ctx) for parameter in self.get_params(ctx)]
        options = [record for record in records if record]
        show_help(self.get_usage(ctx), self.help or "", options, panels)


@cache
def load(panel: str, place: str) -> Any:
    """Import what is at `place`: a function becomes a command, a Typer a group of commands."""
    module, _, name = place.partition(":")
    found = getattr(import_module(f"{HOME}.{module}"), name)
    if isinstance(found, typer.Typer):  # a group of commands
        group = typer.main.get_group(found)
        group.name, group.rich_help_panel = name, panel
        return group
    single = typer.Typer(add_completion=False)
    single.command(rich_help_panel=panel)(found)
    return typer.main.get_command(single)
