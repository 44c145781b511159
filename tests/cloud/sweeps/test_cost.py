from dataclasses import replace

import pytest

from radimpress.cloud.sweeps.cost import refuse_dear_sweep, sweep_cost
from radimpress.cloud.sweeps.space import Strategy, read_space
from radimpress.config.load import compose
from radimpress.runtime.errors import RadimpressError

XL = ["model=flan_t5_xl", "training=flan", "data=mimic_cxr", "compute=sagemaker_p5_4xlarge"]


@pytest.fixture
def base(root, monkeypatch):
    monkeypatch.chdir(root)
    return compose(XL)


def test_a_grid_costs_the_sum_of_its_trials(base):
    one = sweep_cost(base, read_space(["training.epochs=1,1.5"]), Strategy.grid, 2, 1)
    apart = [
        sweep_cost(base, read_space([f"training.epochs={e},{e}"]), Strategy.grid, 1, 1).usd
        for e in (1, 1.5)
    ]
    assert one.usd == pytest.approx(sum(apart))


def test_drawn_trials_cost_the_dearest_each(base):
    space = read_space(["training.epochs=1,3"])
    dearest = sweep_cost(base, read_space(["training.epochs=3,3"]), Strategy.grid, 1, 1).usd
    cost = sweep_cost(base, space, Strategy.random, 5, 2)
    assert cost.usd == pytest.approx(5 * dearest)


def test_the_ceiling_holds_for_all_together(base):
    space = read_space(["training.learning_rate=1e-5,1e-4,1e-3"])
    single = sweep_cost(base, read_space(["training.epochs=3,3"]), Strategy.grid, 1, 1)
    job = replace(base.compute.job, max_cost_usd=single.usd * 1.5, max_hours=100.0)
    tight = replace(base, compute=replace(base.compute, job=job))
    refuse_dear_sweep(sweep_cost(tight, read_space(["seed=1,1"]), Strategy.grid, 1, 1))
    with pytest.raises(RadimpressError, match="holds for all trainings of a sweep together"):
        refuse_dear_sweep(sweep_cost(tight, space, Strategy.grid, 3, 1))


def test_trials_side_by_side_take_less_time(base):
    space = read_space(["training.learning_rate=1e-5,1e-4,1e-3"])
    one, three = (sweep_cost(base, space, Strategy.grid, 3, n) for n in (1, 3))
    assert one.hours == pytest.approx(3 * three.hours)
    assert one.usd == three.usd
