import pytest

from radimpress.corpus.synthetic.devices import DeviceKind, Tip
from radimpress.corpus.synthetic.institution_b import B
from radimpress.corpus.synthetic.observations import Cause, Incidental, Severity
from radimpress.corpus.synthetic.regions import DENIED, REGION_OF
from radimpress.corpus.synthetic.scenarios import SCENARIOS
from radimpress.corpus.synthetic.style import DevicePolicy


def test_every_fact_has_words():
    assert set(B.nouns) == set(B.headlines) == set(REGION_OF)
    assert set(B.sizes) == set(Severity)
    assert set(B.causes) == set(B.cause_headlines) == set(Cause)
    assert set(B.tips) == set(Tip)
    assert set(B.devices) == set(DeviceKind)
    assert set(B.incidentals) == set(Incidental)


def test_all_that_can_be_denied_or_asked_for_has_a_noun():
    asked = {observation for scenario in SCENARIOS for observation in scenario.asks}
    denied = {observation for observations in DENIED.values() for observation in observations}
    assert asked | denied <= set(B.absent)


def test_misplaced_devices_have_a_finding_and_a_headline():
    assert set(B.misplaced) == set(B.misplaced_headlines)


@pytest.mark.parametrize("style", B.styles, ids=lambda style: style.name)
def test_a_style_that_names_new_devices_has_names_for_them(style):
    if style.impression.devices is DevicePolicy.NEW:
        assert B.device_names
        assert "{device}" in style.impression.devices_fine
