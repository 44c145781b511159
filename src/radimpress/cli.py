"""`radimpress`: a thin Typer app over the same functions that the stages call."""

import sys
from typing import Annotated

import typer

from radimpress.commands.lazy_group import LazyGroup
from radimpress.config.program import INTERRUPTED, pin_threads, show_fault, stop_in_imports_too
from radimpress.runtime.errors import RadimpressError

# Panel of `--help`, then "module:function" in radimpress.commands. A command is added by its line
# here; its module is imported when the command is asked for (all of them for `--help`, which must
# take no longer than 0.3 s: keep heavy imports, Hydra among them, inside the functions).
COMMANDS = {
    "Reports": ("corpus:sections", "corpus:synthesize"),
    "Models": ("models:score", "models:summarize", "models:compare", "models:fetch"),
    "From challenger to users": (
        *("registry:promote", "deployment:deploy", "registry:rollback", "registry:history"),
        *("lineage:lineage", "serving:serve", "packaging:package"),
    ),
    "Cloud": (
        *(
            "planning:plan",
            "sweep:sweep",
            "cloud:cloud",
            "cloud:invoke",
            "cloud:batch",
            "dashboard:dashboard",
        ),
        "cloud:teardown",
    ),
    "Set-up and stores": ("health:ui", "health:doctor", "health:verify"),
}

app = typer.Typer(
    cls=LazyGroup.of(COMMANDS),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="From raw radiology reports to a promoted, served model that writes the impression. "
    "The pipeline itself is `dvc repro`; these commands stand beside it.",
)


def main() -> None:
    """Run the command line: one line for a user's mistake, a message-free traceback for a fault."""
    stop_in_imports_too("interrupted")
    try:
        app()
    except RadimpressError as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:  # `radimpress ... | head`
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        show_fault(error, quote=False)
        sys.exit(70)


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        from radimpress import __version__

        print(__version__)
        raise typer.Exit


if __name__ == "__main__":
    pin_threads(2)
    main()
