"""A sweep as one SageMaker tuning job: found again or started, watched, its trials recorded."""

import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from radimpress.cloud.jobs.identity import identity
from radimpress.cloud.jobs.permission import refuse_unwanted
from radimpress.cloud.session import Session, open_session
from radimpress.cloud.sweeps import tuning_jobs
from radimpress.cloud.sweeps.adoption import note_trial
from radimpress.cloud.sweeps.cost import refuse_dear_sweep, sweep_cost
from radimpress.cloud.sweeps.space import Space, Strategy, as_overrides
from radimpress.cloud.sweeps.trial_config import refuse_other_stages, trial_config
from radimpress.cloud.sweeps.trial_runs import record_trial
from radimpress.cloud.sweeps.trials import Trial, read_trials
from radimpress.cloud.sweeps.tuning_jobs import Tuning
from radimpress.cloud.sweeps.tuning_request import tuning_request
from radimpress.config.fingerprint import fingerprint
from radimpress.config.job import OnInterrupt, Place
from radimpress.config.schema import Config
from radimpress.runtime.errors import next_step
from radimpress.tracking.lineage import read_lineage


@dataclass(frozen=True, slots=True)
class Sweep:
    """A finished sweep, its best trial first."""

    name: str
    trials: tuple[Trial, ...]


def run_sweep(
    config: Config, space: Space, strategy: Strategy, trials: int, parallel: int
) -> Sweep:
    """Let SageMaker train every trial of `space`, and record each in MLflow.

    Attaches to a tuning job that tries the same, running or done; otherwise says what it would
    cost, and starts it. Raises RadimpressError for one that is too dear, or that has failed.
    """
    _refuse_impossible(config, space, strategy)
    session = open_session(config.cloud)
    refuse_unwanted(session, config)
    tuning = _ended(session, config, space, strategy, trials, parallel)
    found = read_trials(session, tuning.name)
    tuning_jobs.refuse_failed(tuning, [trial.reason for trial in found if trial.reason])
    for trial in found:
        if trial.status == "Completed":
            own = trial_config(config, trial.values)
            record_trial(session, own, tuning.name, trial)
            note_trial(session, identity(own, "train"), trial.job)
    return Sweep(tuning.name, tuple(found))


def take_command(space: Space, best: Trial) -> str:
    """What makes the pipeline take a trial as its own; the stage finds the trial's job itself."""
    overrides = [*space.fixed, *as_overrides(best.values)]
    return shlex.join(["dvc", "exp", "run", *(w for one in overrides for w in ("-S", one))])


def _refuse_impossible(config: Config, space: Space, strategy: Strategy) -> None:
    if config.compute.place is not Place.sagemaker:
        raise next_step(
            f"compute={config.compute.name} is no machine of SageMaker's",
            "add compute=sagemaker_... to the overrides (`radimpress plan --all` compares them)",
        )
    refuse_other_stages(space.names)
    if strategy is Strategy.grid and space.intervals:
        raise next_step(
            f"{space.intervals[0].name} is an interval, which has no grid",
            "add --strategy random, or name its values (a,b,c)",
        )


def _ended(
    session: Session,
    config: Config,
    space: Space,
    strategy: Strategy,
    trials: int,
    parallel: int,
) -> Tuning:
    """The tuning job of this sweep, when it has ended."""
    key = sweep_key(config, space, strategy, trials)
    start = tuning_jobs.prefix(config.cloud.project, key)
    found, attempt = tuning_jobs.find(session, start, key)
    if found:
        verb = "found" if found.status == "Completed" else "attached to"
        print(f"{verb} {found.name} ({found.status})", file=sys.stderr, flush=True)
    else:
        cost = sweep_cost(config, space, strategy, trials, parallel)
        print(cost, file=sys.stderr, flush=True)
        refuse_dear_sweep(cost)
        name, lineage = f"{start}{attempt}", read_lineage(config).tags()
        tuning_jobs.start(
            session,
            tuning_request(session, config, space, strategy, trials, parallel, name, key, lineage),
        )
        found = Tuning(name, "InProgress")
    try:
        return tuning_jobs.watch(session, found.name)
    except KeyboardInterrupt:
        if config.compute.job.on_interrupt is OnInterrupt.stop:
            tuning_jobs.stop(session, found.name)
            print(f"{found.name} is stopped", file=sys.stderr)
        else:
            print(f"{found.name} goes on; the same command attaches to it again", file=sys.stderr)
        raise


def sweep_key(config: Config, space: Space, strategy: Strategy, trials: int) -> str:
    """Names a sweep: what is tried, on which data, from which foundation, with which code."""
    swept: Sequence[object] = (space.choices, space.intervals, strategy, trials)
    return fingerprint(identity(config, "train").result, swept)
