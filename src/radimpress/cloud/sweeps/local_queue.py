"""A sweep on this machine: experiments in DVC's queue."""

import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from radimpress.cloud.sweeps.space import Space, Strategy, as_overrides
from radimpress.runtime.errors import next_step


def queue_commands(space: Space, strategy: Strategy, trials: int) -> list[list[str]]:
    """Each `dvc exp run --queue` of a sweep: one for a grid, which DVC expands, else one a trial.

    Raises RadimpressError for what DVC's queue cannot do.
    """
    if space.intervals:
        raise next_step(
            f"{space.intervals[0].name} is an interval: only SageMaker's tuner draws from one",
            "name its values (a,b,c), or use --target sagemaker --strategy random",
        )
    if strategy is Strategy.bayesian:
        raise next_step(
            "DVC's queue learns nothing from the trials before",
            "use --strategy grid or random, or --target sagemaker",
        )
    if strategy is Strategy.grid:
        swept = [f"{one.name}={','.join(one.values)}" for one in space.choices]
        return [_command([*space.fixed, *swept])]
    return [_command([*space.fixed, *as_overrides(values)]) for values in space.drawn(trials)]


def start_command(parallel: int) -> list[str]:
    """What runs the queue."""
    return ["dvc", "queue", "start", "--jobs", str(parallel)]


def queue(commands: Sequence[Sequence[str]], root: Path) -> None:
    """Put a sweep's experiments into the queue of the repository at `root`."""
    for command in commands:
        print(shlex.join(command), file=sys.stderr, flush=True)
        if subprocess.run([sys.executable, "-m", *command], cwd=root, check=False).returncode:
            raise next_step(
                "dvc did not take the experiment", "its own words stand above; commit your changes"
            )


def _command(overrides: Sequence[str]) -> list[str]:
    settings = [word for override in overrides for word in ("-S", override)]
    return ["dvc", "exp", "run", "--queue", *settings]
