"""What the image of the Dockerfile starts: `serve`, as SageMaker calls it, or any command.

SageMaker runs `docker run IMAGE serve` for an endpoint and a batch transform, with the model at
/opt/ml/model, and expects answers at port 8080. Everything is in the model folder and in these
variables, so the container has no params.yaml.
"""

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from radimpress.config.program import pin_threads
from radimpress.config.serving import Serving
from radimpress.runtime.errors import RadimpressError

MODEL = "/opt/ml/model"
PORT = "8080"


def settings(environment: Mapping[str, str], cpus: int) -> Serving:
    """The server's settings. Raises RadimpressError for a variable that is no number."""
    defaults = Serving()
    return Serving(
        model=environment.get("RADIMPRESS_MODEL", MODEL),
        host=environment.get("RADIMPRESS_HOST", "0.0.0.0"),  # noqa: S104  # the container's network is its fence
        port=int(_number(environment, "SAGEMAKER_BIND_TO_PORT", PORT)),
        threads=max(1, int(_number(environment, "RADIMPRESS_THREADS", str(cpus)))),
        timeout_s=_number(environment, "RADIMPRESS_TIMEOUT_S", str(defaults.timeout_s)),
        max_body_bytes=6_000_000,  # SageMaker's own limit of a real-time request
        reload_s=0.0,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve for `serve` and for no argument; anything else is a command of radimpress."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given not in ([], ["serve"]):
        os.execvp("radimpress", ["radimpress", *given])  # noqa: S606  # no shell; our own command
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # as process 1, Linux would ignore it
    try:
        return _serve()
    except RadimpressError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _serve() -> int:
    chosen = settings(os.environ, len(os.sched_getaffinity(0)))
    pin_threads(chosen.threads)
    from radimpress.serving.logbook import log_json
    from radimpress.serving.server import run_server
    from radimpress.serving.sources import FolderSource, Running

    log_json()
    source = FolderSource(Path(chosen.model), Running(chosen.engine, chosen.threads))
    return run_server(chosen, source, os.environ.get(chosen.token_variable, "").strip())


def _number(environment: Mapping[str, str], name: str, default: str) -> float:
    given = environment.get(name, default)
    try:
        return float(given)
    except ValueError:
        raise RadimpressError(f"{name} is {given!r}, expected a number") from None


if __name__ == "__main__":
    sys.exit(main())
