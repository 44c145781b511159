import pytest

from radimpress.cloud.sweeps.trial_config import refuse_other_stages, trial_config
from radimpress.config.load import compose
from radimpress.runtime.errors import RadimpressError


@pytest.fixture
def base(root, monkeypatch):
    monkeypatch.chdir(root)
    return compose()


def test_a_trial_is_what_hydra_would_compose(base):
    values = {"training.learning_rate": "1e-05", "training.scheduler": "cosine"}
    overrides = ["training.learning_rate=1e-05", "training.scheduler=cosine"]
    assert trial_config(base, values) == compose(overrides)


def test_an_unknown_parameter_is_refused(base):
    with pytest.raises(RadimpressError, match="learning_rat"):
        trial_config(base, {"training.learning_rat": "1"})


def test_a_wrong_type_is_refused(base):
    with pytest.raises(RadimpressError, match="does not fit"):
        trial_config(base, {"training.batch_size": "many"})


def test_the_foundation_is_the_same_for_all_trials():
    refuse_other_stages(["training.epochs", "model.lora.rank"])
    with pytest.raises(RadimpressError, match="--target local"):
        refuse_other_stages(["training.epochs", "seed"])
