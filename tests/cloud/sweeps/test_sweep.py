"""A tuning job that really trains, on the SageMaker of this machine."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from radimpress.cloud.jobs.remote_stage import run_stage_remotely
from radimpress.cloud.sweeps.space import Strategy, as_overrides, read_space
from radimpress.cloud.sweeps.sweep import run_sweep, sweep_key, take_command
from radimpress.cloud.sweeps.trials import Trial
from radimpress.config.load import compose
from radimpress.config.schema import Config
from radimpress.runtime.errors import RadimpressError
from radimpress.tracking.runs import find_runs
from radimpress.tracking.store import open_store

if TYPE_CHECKING:
    from loopback.server import Loopback

SWEPT = ["training.learning_rate=1e-4,1e-2", "training.batch_size=16"]


@pytest.mark.rehearsal
@pytest.mark.slow
def test_a_sweep_trains_every_value_and_the_stage_takes_the_best_without_another_job(
    trainable: Config, overrides: list[str], root: Path, loopback: "Loopback"
) -> None:
    space = read_space([*overrides, *SWEPT])
    config = compose(space.fixed, root / "conf")
    done = run_sweep(config, space, Strategy.grid, 2, 2)
    assert [trial.values["training.learning_rate"] for trial in done.trials] == ["0.01", "0.0001"]
    assert done.trials[0].loss < done.trials[1].loss  # 4 steps: the larger ones go further

    store = open_store(config.tracking)
    experiment = store.client.get_experiment_by_name("sweeps").experiment_id
    runs = find_runs(store, experiment, {"radimpress.sweep": done.name})
    rates = {run.data.params["learning_rate"]: run.data.metrics["val/loss"] for run in runs}
    assert rates["0.01"] == pytest.approx(done.trials[0].loss)
    assert len(runs) == 2

    created = loopback.calls["sagemaker:CreateTrainingJob"]
    best = compose([*space.fixed, *as_overrides(done.trials[0].values)], root / "conf")
    run_stage_remotely(best, "train")
    assert Path("models/finetuned/model.safetensors").is_file()
    assert loopback.calls["sagemaker:CreateTrainingJob"] == created

    again = run_sweep(config, space, Strategy.grid, 2, 2)
    assert again.trials == done.trials
    assert loopback.calls["sagemaker:CreateHyperParameterTuningJob"] == 1
    assert len(find_runs(store, experiment, {"radimpress.sweep": done.name})) == 2
    shutil.rmtree("models/finetuned")


def test_the_key_is_of_what_is_tried(trainable: Config) -> None:
    one, other = (read_space([f"training.learning_rate={v}"]) for v in ("1e-4,1e-3", "1e-4,1e-2"))
    assert sweep_key(trainable, one, Strategy.grid, 2) == sweep_key(
        trainable, one, Strategy.grid, 2
    )
    assert sweep_key(trainable, one, Strategy.grid, 2) != sweep_key(
        trainable, other, Strategy.grid, 2
    )
    assert sweep_key(trainable, one, Strategy.grid, 2) != sweep_key(
        trainable, one, Strategy.random, 2
    )


def test_the_winner_is_taken_by_the_pipelines_own_command() -> None:
    space = read_space(["compute=sagemaker_cpu", "training.batch_size=16,32"])
    best = Trial("job", {"training.batch_size": "32"}, "Completed", 1.0, 1.0)
    assert take_command(space, best) == (
        "dvc exp run -S compute=sagemaker_cpu -S training.batch_size=32"
    )


@pytest.mark.parametrize(
    ("swept", "strategy", "problem"),
    [
        ("model.tiny.layers=1,2", Strategy.grid, "decides more than the training"),
        ("training.learning_rate=interval(0,1)", Strategy.grid, "is an interval"),
    ],
)
def test_what_a_tuner_cannot_vary_is_refused(
    trainable: Config, swept: str, strategy: Strategy, problem: str
) -> None:
    with pytest.raises(RadimpressError, match=problem):
        run_sweep(trainable, read_space([swept]), strategy, 2, 1)


def test_a_local_compute_is_refused(trainable: Config, root: Path) -> None:
    with pytest.raises(RadimpressError, match="is no machine of SageMaker's"):
        run_sweep(compose([], root / "conf"), read_space(["seed=1,2"]), Strategy.grid, 2, 1)
