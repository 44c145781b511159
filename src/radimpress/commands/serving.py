"""Answer over HTTP."""

import os
import signal
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from radimpress.config.program import pin_threads
from radimpress.config.serving import Engine, Serving
from radimpress.runtime.errors import RadimpressError, next_step

if TYPE_CHECKING:
    from radimpress.config.cloud import Cloud
    from radimpress.config.schema import Tracking
    from radimpress.tracking.store import Store


def serve(
    model: Annotated[
        str | None,
        typer.Option(
            help="models:/NAME@ALIAS (followed when it moves), models:/NAME/VERSION, a model "
            "folder, or a package (model.tar.gz)."
        ),
    ] = None,
    host: Annotated[str | None, typer.Option(help="Where it listens.")] = None,
    port: Annotated[int | None, typer.Option(help="0: any free one.")] = None,
    engine: Annotated[Engine | None, typer.Option(help="What runs the model.")] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="CPU threads.")] = None,
) -> None:
    """Serve a model over HTTP: the page at /, POST /invocations, /ping, /metrics.

    What is not given here is taken from the group `serving` of params.yaml, where there is one.
    Set RADIMPRESS_TOKEN to ask for a bearer token. Ctrl-C or SIGTERM answers what was accepted and
    ends.

    Example: radimpress serve --model models/finetuned --port 8000
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # as process 1, Linux would ignore it
    given = {"model": model, "host": host, "port": port, "engine": engine, "threads": threads}
    settings, tracking, cloud = _settings({k: v for k, v in given.items() if v is not None})
    token = _token(settings.token_variable)
    _warn_of_reach(settings, token)
    pin_threads(settings.threads)
    from radimpress.serving.logbook import log_json
    from radimpress.serving.server import run_server
    from radimpress.serving.sources import Running, source

    def store() -> "Store":
        from radimpress.tracking.store import open_store

        return open_store(tracking)

    where = source(settings.model, Running(settings.engine, settings.threads), store, cloud)
    log_json()
    raise typer.Exit(run_server(settings, where, token))


def _settings(given: dict[str, Any]) -> "tuple[Serving, Tracking, Cloud]":
    """What the server, store and account need: of params.yaml where there is one, else defaults."""
    from radimpress.config.cloud import Cloud
    from radimpress.config.load import PARAMS, from_params
    from radimpress.config.schema import Tracking
    from radimpress.config.serving_rules import serving_rules

    serving, tracking, cloud = Serving(), Tracking(), Cloud()
    if PARAMS.is_file():
        config = from_params()
        serving, tracking, cloud = config.serving, config.tracking, config.cloud
    settings = replace(serving, **given)
    if problems := "; ".join(map(str, serving_rules(settings))):
        raise RadimpressError(f"the server's settings are refused: {problems}")
    return settings, tracking, cloud


def _token(variable: str) -> str:
    """The bearer token, "" for none. One that is set and blank is a secret that did not arrive."""
    given = os.environ.get(variable)
    if given is not None and not given.strip():
        raise next_step(f"{variable} is set and empty", "give it a token, or unset it")
    return (given or "").strip()


def _warn_of_reach(settings: Serving, token: str) -> None:
    from radimpress.config.serving_rules import LOOPBACK

    if settings.host not in LOOPBACK and not token:
        print(
            f"warning: {settings.host} can be reached by others, and nobody needs a token; set "
            f"{settings.token_variable}, or serve on 127.0.0.1",
            file=sys.stderr,
        )
