"""The page that `radimpress --help` shows: every command under its panel.

Drawn as Typer draws the pages of single commands, but with three of Rich's modules; Typer's own
drawing imports Markdown, syntax colours and tracebacks first, 0.15 s that a list does not need.
"""

from collections.abc import Iterable, Mapping, Sequence

from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from radimpress.commands.console import out

Line = tuple[str, str]
"""An option or command, and what it does."""


def show_help(
    usage: str, about: str, options: Sequence[Line], commands: Mapping[str, Sequence[Line]]
) -> None:
    """Print the page; `commands` are by panel, in order."""
    out.print(Padding(Text(usage, style="bold"), 1))
    out.print(Padding(Text(about), (0, 1, 1, 1)))
    out.print(_panel("Options", options, _width(options)))
    width = _width(line for lines in commands.values() for line in lines)
    for title, lines in commands.items():
        out.print(_panel(title, lines, width))


def first_paragraph(text: str) -> str:
    r"""What a docstring says in one line.

    >>> first_paragraph("Score it,\nall of it.\n\nDetails.")
    'Score it, all of it.'
    """
    return " ".join(text.partition("\n\n")[0].split())


def _width(lines: Iterable[Line]) -> int:
    return max((len(name) for name, _ in lines), default=0)


def _panel(title: str, lines: Sequence[Line], width: int) -> Panel:
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    table.add_column(style="bold cyan", no_wrap=True, min_width=width)
    table.add_column(ratio=1)
    for name, about in lines:
        table.add_row(name, Text(about))
    return Panel(table, title=title, title_align="left", border_style="dim")
