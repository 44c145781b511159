import pytest

from radimpress.corpus.synthetic.background import ASKS
from radimpress.corpus.synthetic.observations import Observation
from radimpress.corpus.synthetic.regions import REGION_OF
from radimpress.corpus.synthetic.scenarios import SCENARIOS
from radimpress.corpus.synthetic.streams import MOST_STUDIES


def test_the_weights_sum_to_one():
    assert sum(scenario.weight for scenario in SCENARIOS) == pytest.approx(1.0)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_scenario_can_be_written(scenario):
    assert scenario.reasons
    assert len(scenario.studies) <= MOST_STUDIES
    assert all(observation in ASKS for observation in scenario.asks)
    for tendency in scenario.tendencies:
        assert tendency.observation in REGION_OF
        assert tendency.worse + tendency.better <= 1


def test_every_observation_that_is_found_by_itself_has_a_scenario():
    found = {t.observation for scenario in SCENARIOS for t in scenario.tendencies}
    inferred = {Observation.NO_FINDING, Observation.PNEUMONIA, Observation.SUPPORT_DEVICES}
    assert found == set(Observation) - inferred
