import shlex

import pytest

from radimpress.cloud.sweeps.local_queue import queue, queue_commands, start_command
from radimpress.cloud.sweeps.space import Strategy, read_space
from radimpress.runtime.errors import RadimpressError

SPACE = read_space(["experiment=smoke", "training.learning_rate=1e-4,3e-4", "seed=1,2"])


def test_dvc_expands_a_grid_itself():
    assert [shlex.join(one) for one in queue_commands(SPACE, Strategy.grid, 4)] == [
        "dvc exp run --queue -S experiment=smoke "
        "-S training.learning_rate=0.0001,0.0003 -S seed=1,2"
    ]
    assert shlex.join(start_command(2)) == "dvc queue start --jobs 2"


def test_drawn_trials_are_queued_one_by_one():
    commands = queue_commands(SPACE, Strategy.random, 3)
    assert len({tuple(one) for one in commands}) == 3
    assert all(
        one[:6] == ["dvc", "exp", "run", "--queue", "-S", "experiment=smoke"] for one in commands
    )


def test_what_only_sagemaker_does_is_said():
    with pytest.raises(RadimpressError, match="learns nothing"):
        queue_commands(SPACE, Strategy.bayesian, 3)
    drawn = read_space(["training.learning_rate=interval(0,1)"])
    with pytest.raises(RadimpressError, match="--target sagemaker"):
        queue_commands(drawn, Strategy.random, 3)


def test_dvcs_refusal_ends_it(tmp_path):
    with pytest.raises(RadimpressError, match="dvc did not take"):
        queue([["dvc", "exp", "run", "--queue"]], tmp_path)  # no repository
