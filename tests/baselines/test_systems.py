import pytest

from radimpress.baselines.constant import Constant
from radimpress.baselines.lead import Lead
from radimpress.baselines.retrieval import Retrieval
from radimpress.baselines.systems import build
from radimpress.config.rules import BASELINES
from radimpress.config.schema import Config, Generation
from radimpress.corpus.report import Report
from radimpress.runtime.errors import RadimpressError

TRAIN = [Report("s1", "", "t", "", "One is here. Two is there. Three.", "Normal.")]


@pytest.mark.parametrize(
    ("name", "kind"), [("constant", Constant), ("lead", Lead), ("retrieval", Retrieval)]
)
def test_baselines_are_built_by_name(name, kind):
    assert isinstance(build(name, TRAIN, Config()), kind)


def test_lead_takes_the_configured_number_of_sentences():
    config = Config(generation=Generation(lead_sentences=1))
    assert build("lead", TRAIN, config).generate(TRAIN)[0].prediction == "One is here."


def test_an_unknown_name_is_refused_with_the_known_ones():
    with pytest.raises(RadimpressError, match="'median', known are constant, lead, retrieval"):
        build("median", TRAIN, Config())


def test_a_baseline_without_training_reports_is_refused():
    with pytest.raises(RadimpressError, match="'constant' has no training reports"):
        build("constant", [], Config())


def test_the_configuration_knows_every_baseline_as_one():
    for name in BASELINES:
        assert build(name, TRAIN, Config()).name == name
