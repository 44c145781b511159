"""Several processes on one machine: starting them, and who among them speaks."""

import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from radimpress.config.schema import Compute, Device
from radimpress.runtime.errors import RadimpressError, next_step

INTERRUPTED = 130


def processes() -> int:
    """How many processes train together: torchrun's WORLD_SIZE, 1 without torchrun."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def process() -> int:
    """The number of this process among them, from 0."""
    return int(os.environ.get("RANK", "0"))


def is_main() -> bool:
    """Whether this is the process that writes, logs and shows progress."""
    return process() == 0


def must_launch(compute: Compute) -> bool:
    """Whether this program was started plainly but is to run as several processes."""
    return compute.processes > 1 and "WORLD_SIZE" not in os.environ


def launch(compute: Compute, program: Sequence[str]) -> int:
    """Run `program` (a script and its arguments) as `compute.processes` processes; exit status.

    The same as `python -m torch.distributed.run --standalone --nproc-per-node N PROGRAM`, without
    its page of text when a process fails: that one has said its line already. The address is fixed,
    because a host name that does not resolve makes torchrun wait for ever.
    """
    import torch
    from torch.distributed.elastic.multiprocessing.api import SignalException
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
    from torch.distributed.launcher.api import LaunchConfig, elastic_launch

    gpus = torch.cuda.device_count()
    if compute.device is not Device.cpu and 0 < gpus < compute.processes:
        raise next_step(
            f"compute.processes is {compute.processes}, but there are {gpus} GPUs here",
            f"set compute.processes={gpus}",
        )
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo0" if sys.platform == "darwin" else "lo")
    logging.getLogger("torch.distributed.elastic").setLevel(logging.CRITICAL)
    plan = LaunchConfig(
        min_nodes=1,
        max_nodes=1,
        nproc_per_node=compute.processes,
        run_id="radimpress",
        rdzv_backend="c10d",
        rdzv_endpoint="127.0.0.1:0",
        local_addr="127.0.0.1",
        max_restarts=0,
        monitor_interval=0.2,
    )
    try:
        elastic_launch(plan, sys.executable)(*program)
    except ChildFailedError as error:
        statuses = [failure.exitcode for failure in error.failures.values()]
        return next((status for status in statuses if status > 0), 1)
    except SignalException:
        return INTERRUPTED
    return 0


@contextmanager
def one_voice() -> Iterator[None]:
    """Let only the main process say what ends them all: a mistake, or Ctrl-C."""
    try:
        yield
    except (RadimpressError, KeyboardInterrupt) as error:
        if is_main():
            raise
        sys.exit(INTERRUPTED if isinstance(error, KeyboardInterrupt) else 1)
