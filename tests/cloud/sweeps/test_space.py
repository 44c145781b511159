import pytest
from hypothesis import given
from hypothesis import strategies as st

from radimpress.cloud.sweeps.space import Choice, Interval, as_overrides, read_space
from radimpress.runtime.errors import RadimpressError


def test_several_values_are_swept_and_the_rest_is_fixed():
    space = read_space(["experiment=smoke", "training.learning_rate=1e-4,3e-4", "seed=range(1,4)"])
    assert space.fixed == ("experiment=smoke",)
    assert space.choices == (
        Choice("training.learning_rate", ("0.0001", "0.0003")),
        Choice("seed", ("1", "2", "3")),
    )
    assert space.size == 6


def test_an_interval_may_be_logarithmic():
    space = read_space(["training.learning_rate=tag(log,interval(1e-5,1e-3))"])
    assert space.intervals == (Interval("training.learning_rate", 1e-5, 1e-3, log=True),)
    assert list(space.corners()) == [
        {"training.learning_rate": "1e-05"},
        {"training.learning_rate": "0.001"},
    ]


def test_the_grid_changes_the_last_fastest():
    space = read_space(["training.batch_size=16,32", "training.epochs=1,2"])
    assert [as_overrides(values) for values in space.grid()] == [
        ["training.batch_size=16", "training.epochs=1"],
        ["training.batch_size=16", "training.epochs=2"],
        ["training.batch_size=32", "training.epochs=1"],
        ["training.batch_size=32", "training.epochs=2"],
    ]


@given(st.integers(1, 30))
def test_drawn_trials_are_different_and_of_the_grid(trials):
    space = read_space(["training.batch_size=1,2,3,4", "training.epochs=1,2,3"])
    drawn = space.drawn(trials)
    assert len({tuple(one.items()) for one in drawn}) == len(drawn) == min(trials, 12)
    assert drawn == space.drawn(trials)
    assert all(one in list(space.grid()) for one in drawn)


@pytest.mark.parametrize(
    ("overrides", "problem"),
    [
        (["experiment=smoke"], "nothing is swept"),
        (["a b c"], "is no override"),
        (["model.prompt='it''s',b"], "is no override|cannot be swept"),
        (['model.prompt="the patient\'s",b'], "cannot be swept"),
        (["training.learning_rate=interval(1,0)"], "runs from 1 to 0"),
        (["training.learning_rate=tag(log,interval(0,1))"], "runs from 0 to 1"),
    ],
)
def test_what_cannot_be_swept_is_refused_in_one_line(overrides, problem):
    with pytest.raises(RadimpressError, match=problem) as caught:
        read_space(overrides)
    assert "\n" not in str(caught.value)
