from radimpress.corpus.synthetic.observations import Incidental, Observation
from radimpress.corpus.synthetic.regions import DENIED, INCIDENTAL_REGION, REGION_OF


def test_every_finding_and_incidental_has_a_region():
    unplaced = {Observation.NO_FINDING, Observation.PNEUMONIA, Observation.SUPPORT_DEVICES}
    assert set(REGION_OF) == set(Observation) - unplaced
    assert set(INCIDENTAL_REGION) == set(Incidental)


def test_what_is_denied_belongs_to_the_region_that_denies_it():
    for region, observations in DENIED.items():
        assert all(REGION_OF[observation] is region for observation in observations)
