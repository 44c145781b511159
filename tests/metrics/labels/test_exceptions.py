import pytest

from radimpress.metrics.labels.labeller import label
from radimpress.metrics.labels.observations import Observation, Presence, Side

POSITIVE, NEGATIVE = Presence.POSITIVE, Presence.NEGATIVE


@pytest.mark.parametrize(
    ("sentence", "sides"),
    [
        ("No pleural effusion other than a trace on the left.", {Side.LEFT}),
        ("No effusion except for a small left one.", {Side.LEFT}),
        ("No effusion aside from trace fluid at the right base.", {Side.RIGHT}),
        ("No pneumothorax or effusion, apart from a minimal amount.", set()),
    ],
)
def test_an_amount_or_a_place_takes_the_last_exclusion_back(sentence, sides):
    found = label(sentence)[Observation.PLEURAL_EFFUSION]
    assert (found.presence, set(found.sides)) == (POSITIVE, sides)


@pytest.mark.parametrize(
    ("sentence", "observation"),
    [
        ("No pneumothorax or effusion, apart from a minimal amount.", Observation.PNEUMOTHORAX),
        ("No effusion other than mild edema.", Observation.PLEURAL_EFFUSION),
        ("No consolidation aside from known apical scarring.", Observation.CONSOLIDATION),
        ("Lungs are clear except for a small left effusion.", Observation.LUNG_OPACITY),
        ("No effusion, compared to the left side before.", Observation.PLEURAL_EFFUSION),
    ],
)
def test_everything_else_stays_excluded(sentence, observation):
    assert label(sentence)[observation].presence is NEGATIVE
