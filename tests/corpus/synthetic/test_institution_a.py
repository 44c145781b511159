import pytest

from radimpress.corpus.synthetic.devices import DeviceKind, Tip
from radimpress.corpus.synthetic.institution_a import A
from radimpress.corpus.synthetic.observations import Cause, Incidental, Severity
from radimpress.corpus.synthetic.regions import DENIED, REGION_OF
from radimpress.corpus.synthetic.scenarios import SCENARIOS
from radimpress.corpus.synthetic.style import DevicePolicy


def test_every_fact_has_words():
    assert set(A.nouns) == set(A.headlines) == set(REGION_OF)
    assert set(A.sizes) == set(Severity)
    assert set(A.causes) == set(A.cause_headlines) == set(Cause)
    assert set(A.tips) == set(Tip)
    assert set(A.devices) == set(DeviceKind)
    assert set(A.incidentals) == set(Incidental)


def test_all_that_can_be_denied_or_asked_for_has_a_noun():
    asked = {observation for scenario in SCENARIOS for observation in scenario.asks}
    denied = {observation for observations in DENIED.values() for observation in observations}
    assert asked | denied <= set(A.absent)


def test_misplaced_devices_have_a_finding_and_a_headline():
    assert set(A.misplaced) == set(A.misplaced_headlines)


@pytest.mark.parametrize("style", A.styles, ids=lambda style: style.name)
def test_a_style_that_names_new_devices_has_names_for_them(style):
    if style.impression.devices is DevicePolicy.NEW:
        assert A.device_names
        assert "{device}" in style.impression.devices_fine
