"""Several processes on one or more machines: starting them, and who among them speaks."""

import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from radimpress.config.schema import Compute, Device
from radimpress.runtime.errors import RadimpressError, next_step

T = TypeVar("T")
INTERRUPTED = 130
PORT = 7777  # of the main machine, where the machines of a job meet
MEETING_S = 1800  # a machine may be that much later than another


@dataclass(frozen=True, slots=True)
class Nodes:
    """The machines of this training, as a job's container names them; one alone elsewhere."""

    count: int = 1
    rank: int = 0
    main: str = "127.0.0.1"
    here: str = "127.0.0.1"
    network: str = "lo0" if sys.platform == "darwin" else "lo"

    @staticmethod
    def of_environment() -> "Nodes":
        """What `radimpress.cloud.jobs.container` has read from SageMaker's resourceconfig.json."""
        have = os.environ
        if "RADIMPRESS_NODES" not in have:
            return Nodes()
        return Nodes(
            int(have["RADIMPRESS_NODES"]),
            int(have["RADIMPRESS_NODE"]),
            have["RADIMPRESS_MAIN_NODE"],
            have["RADIMPRESS_THIS_NODE"],
            have["RADIMPRESS_NETWORK"],
        )


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
    """Run `program` (a script and its arguments) as this machine's share of `compute.processes`.

    Gives the exit status. The same as `python -m torch.distributed.run --nnodes M --nproc-per-node
    N PROGRAM`, without its page of text when a process fails: that one has said its line already.
    The address is fixed, because a host name that does not resolve makes torchrun wait for ever.
    """
    import torch
    from torch.distributed.elastic.multiprocessing.api import SignalException
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
    from torch.distributed.launcher.api import LaunchConfig, elastic_launch

    nodes, gpus = Nodes.of_environment(), torch.cuda.device_count()
    share = compute.processes // nodes.count
    if compute.device is not Device.cpu and 0 < gpus < share:
        raise next_step(
            f"compute.processes is {compute.processes}, but there are {gpus} GPUs "
            + ("here" if nodes.count == 1 else f"on each of {nodes.count} machines"),
            f"set compute.processes={gpus * nodes.count}",
        )
    for library in ("GLOO", "NCCL") if nodes.count > 1 else ("GLOO",):
        os.environ.setdefault(f"{library}_SOCKET_IFNAME", nodes.network)
    logging.getLogger("torch.distributed.elastic").setLevel(logging.CRITICAL)
    plan = LaunchConfig(
        min_nodes=nodes.count,
        max_nodes=nodes.count,
        nproc_per_node=share,
        run_id="radimpress",
        rdzv_backend="c10d" if nodes.count == 1 else "static",
        rdzv_endpoint=f"{nodes.main}:{0 if nodes.count == 1 else PORT}",
        rdzv_configs={} if nodes.count == 1 else {"rank": nodes.rank, "timeout": MEETING_S},
        local_addr=nodes.here,
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


def from_all(value: T) -> list[T]:
    """What every process gives for `value`, in their order; they all must ask. Pickled: small."""
    import torch.distributed

    if processes() == 1:
        return [value]
    gathered: list[T | None] = [None] * processes()
    torch.distributed.all_gather_object(gathered, value)
    return [one for one in gathered if one is not None]


@contextmanager
def one_voice() -> Iterator[None]:
    """Let only the main process say what ends them all: a mistake, or Ctrl-C."""
    try:
        yield
    except (RadimpressError, KeyboardInterrupt) as error:
        if is_main():
            raise
        sys.exit(INTERRUPTED if isinstance(error, KeyboardInterrupt) else 1)
