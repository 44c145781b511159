"""How a stage program starts and ends: configuration in, one line of trouble out."""

import atexit
import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from types import FrameType

from radimpress.config.schema import Access, Config
from radimpress.runtime.errors import RadimpressError

INTERRUPTED = 130
KEPT = "interrupted: finished work is kept; run the same again to go on"


def run_stage(
    about: str | None, main: Callable[[Config], None], arguments: Sequence[str] | None = None
) -> None:
    """Run `main` with params.yaml or, where Hydra overrides are given, with a composition of conf/.

    Exits 1 with one line for a mistake of the user's, 130 on Ctrl-C, 70 with a traceback for a
    fault of ours; the message of such a fault is withheld for corpora that are not public, because
    an exception may quote report text. Once the work is done, Ctrl-C no longer undoes it.
    """
    stop_in_imports_too(KEPT)
    # While Python ends, SIGINT would kill it: DVC would take a finished stage for a failed one.
    atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)
    given = list(sys.argv[1:] if arguments is None else arguments)
    if {"-h", "--help"} & set(given):
        print((about or "").strip())
        return
    config: Config | None = None
    try:
        from radimpress.config.load import compose, from_params  # 0.3 s, not for `--help`
        from radimpress.config.rules import warnings

        config = compose(given) if given else from_params()
        for warning in warnings(config) if given else []:
            print(f"warning: {warning}", file=sys.stderr)
        pin_threads(config.compute.threads)
        main(config)
    except RadimpressError as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        print(KEPT, file=sys.stderr)
        sys.exit(INTERRUPTED)
    except Exception as error:
        show_fault(error, quote=config is not None and config.data.access is Access.public)
        sys.exit(70)


def stop_in_imports_too(message: str) -> None:
    """Let Ctrl-C end this program at once in the middle of an import: `message`, exit status 130.

    KeyboardInterrupt may get lost there, so that the program goes on, or turn into another error.
    An end like that of `kill -9` loses nothing here. Elsewhere Ctrl-C is KeyboardInterrupt as ever,
    and where it is ignored (`nohup`), it stays so.
    """

    def interrupt(_signal: int, frame: FrameType | None) -> None:
        while frame:
            if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
                os.write(2, f"{message}\n".encode())  # print could be in use
                os._exit(INTERRUPTED)
            frame = frame.f_back
        raise KeyboardInterrupt

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, interrupt)


def pin_threads(threads: int) -> None:
    """Fix the thread count of OpenMP, MKL, rayon and tokenizers; call before torch is imported."""
    for library in ("OMP", "MKL", "RAYON"):  # rayon: rouge_score_rs takes every core by default
        os.environ[f"{library}_NUM_THREADS"] = str(threads)
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


def show_fault(error: BaseException, quote: bool) -> None:
    """Print where an unexpected error came from; its message only where it may be quoted."""
    traceback.print_tb(error.__traceback__, file=sys.stderr)
    message = str(error) if quote else "(message withheld: it could quote a report)"
    print(f"{type(error).__name__}: {message}", file=sys.stderr)
    print("this is a fault of radimpress, not of yours; please report it", file=sys.stderr)
