"""A SageMaker on this machine for a person: prints the variables that lead there, until Ctrl-C.

PYTHONPATH=tests python -m loopback [--port 8100] [--folder FOLDER] [--keep]
"""

import argparse
import signal
import sys
import tempfile
import threading
from pathlib import Path

from loopback.containers import has_namespaces
from loopback.server import BUCKET, ROLE, Loopback

PORT = 8100  # the same each time, so that exported variables go on being right


def main() -> int:
    """Serve until Ctrl-C or SIGTERM; then every job and endpoint is ended."""
    given = _arguments()
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: ended.set())
    with tempfile.TemporaryDirectory(prefix="radimpress-loopback-") as temporary:
        try:
            loop = Loopback(given.folder or Path(temporary), given.port)
        except (OSError, SystemExit):  # werkzeug has said why
            print(
                f"port {given.port} is taken; choose another: --port 0 takes any", file=sys.stderr
            )
            return 1
        loop.keep = given.keep
        with loop:
            _tell(loop)
            ended.wait()
            print("\nending every job and endpoint", file=sys.stderr)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m loopback", description=__doc__)
    parser.add_argument("--port", type=int, default=PORT, help=f"default {PORT}; 0: any free one")
    parser.add_argument("--folder", type=Path, help="for jobs and endpoints; default: temporary")
    parser.add_argument("--keep", action="store_true", help="the folders of ended jobs, for a look")
    return parser.parse_args()


def _tell(loop: Loopback) -> None:
    """The variables on standard output, for eval; the rest on standard error."""
    for name, value in loop.environment.items():
        print(f"export {name}={value}")
    sys.stdout.flush()
    kind = "namespaces" if has_namespaces() else "rewritten paths: one host a job, no isolation"
    told = [
        f"# a SageMaker at {loop.url}; bucket {BUCKET}, role {ROLE}; containers by {kind}",
        f"# everything is kept in memory and in {loop.folder}, and is gone at the end",
        "# paste the lines above into another terminal; Ctrl-C here ends it",
    ]
    print("\n".join(told), file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
