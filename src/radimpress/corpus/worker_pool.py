"""Work shared among processes, with results in the order of the work."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from typing import TypeVar

from radimpress.runtime.errors import next_step

Item = TypeVar("Item")
Result = TypeVar("Result")
_SMALL = 16  # this little work is done here: starting processes would take longer
_WAITING = 3  # pieces of work handed out for each process, so that none idles and memory is bounded


def in_order(
    work: Callable[[Item], Result], items: Iterable[Item], workers: int
) -> Iterator[Result]:
    """`work` of each item, in the order of `items`, by `workers` processes.

    Only a few items are held at a time. Ctrl-C ends the processes too; they also end when this one
    is killed. Raises RadimpressError where one of them is killed.
    """
    iterator = iter(items)
    first = list(islice(iterator, _SMALL))
    if workers <= 1 or len(first) < _SMALL:
        yield from map(work, chain(first, iterator))
        return
    pool = ProcessPoolExecutor(
        workers, mp_context=multiprocessing.get_context("spawn"), initializer=_begin
    )
    try:
        yield from _shared(pool, work, chain(first, iterator), workers * _WAITING)
    except BrokenProcessPool as error:
        raise next_step(
            "a process that parses reports was killed, perhaps because memory ran out",
            "run the same again with compute.workers=1, or free some memory",
        ) from error
    except BaseException:  # Ctrl-C, or nobody wants the rest
        # A worker may be in the middle of its work, or still starting and deaf to the end of the
        # pool; a plain shutdown would wait for it.
        for process in multiprocessing.active_children():
            process.kill()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _shared(
    pool: ProcessPoolExecutor, work: Callable[[Item], Result], items: Iterator[Item], ahead: int
) -> Iterator[Result]:
    waiting: deque[Future[Result]] = deque()
    for item in items:
        waiting.append(pool.submit(work, item))
        if len(waiting) >= ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _begin() -> None:
    """Leave Ctrl-C to the parent, and end when it has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)
