"""`radimpress`: a thin Typer app over the same functions that the stages call."""

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False)


def main() -> None:
    """Run the command line."""
    app()
