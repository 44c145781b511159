"""Many trainings that differ in some values."""

import shlex
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from radimpress.commands.console import out


class Where(Enum):
    """Who runs the trials."""

    local = "local"
    sagemaker = "sagemaker"


class How(Enum):
    """As `radimpress.cloud.sweeps.space.Strategy`, which would import too much for `--help`."""

    grid = "grid"
    random = "random"
    bayesian = "bayesian"


def sweep(
    overrides: Annotated[
        list[str],
        typer.Argument(help="Hydra overrides; those with several values are swept."),
    ],
    strategy: Annotated[How, typer.Option(help="How values are chosen.")] = How.grid,
    trials: Annotated[
        int | None, typer.Option(min=1, help="How many are drawn (not for a grid).")
    ] = None,
    parallel: Annotated[int, typer.Option(min=1, help="Trainings at a time.")] = 1,
    target: Annotated[Where, typer.Option(help="DVC's queue here, or a tuning job.")] = Where.local,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would do.")] = False,
) -> None:
    """Train once for every combination of values, here or in SageMaker, and show which is best.

    Here: experiments in DVC's queue, each with the whole pipeline. In SageMaker: one tuning job
    whose trainings start from the splits and the foundation that stand here; planned and refused
    like a single job, all trainings together; the same command attaches to it again.

    Example: radimpress sweep training.learning_rate=1e-4,3e-4,1e-3 training.batch_size=16,32
    """
    from radimpress.cloud.sweeps.space import Strategy, read_space

    space = read_space(overrides)
    chosen = Strategy[strategy.value]
    number = space.size if chosen is Strategy.grid else trials or min(space.size, 10)
    if target is Where.local:
        from radimpress.cloud.sweeps import local_queue

        commands = local_queue.queue_commands(space, chosen, number)
        start = shlex.join(local_queue.start_command(parallel))
        if dry_run:
            out.print(escape("\n".join([*map(shlex.join, commands), start])), soft_wrap=True)
            return
        local_queue.queue(commands, Path())
        out.print(f"queued; run them with `{start}`, compare them with `dvc exp show`")
        return
    from radimpress.cloud.sweeps.cost import sweep_cost
    from radimpress.cloud.sweeps.sweep import run_sweep, take_command
    from radimpress.cloud.sweeps.trials import table
    from radimpress.config.load import compose, from_params

    config = compose(space.fixed) if space.fixed else from_params()
    if dry_run:
        cost = sweep_cost(config, space, chosen, number, parallel)
        out.print(escape("\n".join([str(cost), *cost.problems])), soft_wrap=True)
        return
    done = run_sweep(config, space, chosen, number, parallel)
    out.print(table(done.trials, space.names))
    best = done.trials[0] if done.trials else None
    if best and best.loss is not None:
        said = f"its model is there already; take it by\n{take_command(space, best)}"
        out.print(escape(said), soft_wrap=True)
