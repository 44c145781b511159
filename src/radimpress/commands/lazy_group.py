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


@cache
def load(panel: str, place: str) -> Any:
    """Import the function at `place` and make a command of it."""
    module, _, function = place.partition(":")
    single = typer.Typer(add_completion=False)
    single.command(rich_help_panel=panel)(getattr(import_module(f"{HOME}.{module}"), function))
    return typer.main.get_command(single)
