import pytest

from radimpress.corpus.synthetic.devices import Device, DeviceKind
from radimpress.corpus.synthetic.observations import (
    Change,
    Finding,
    Observation,
    Presence,
    Severity,
    Side,
    Site,
)
from radimpress.corpus.synthetic.phrases import (
    device_phrase,
    fill,
    greater_side,
    is_plural,
    listed,
    noun_phrase,
    sentence,
    with_tail,
)
from radimpress.corpus.synthetic.style import Noun

LEFT, RIGHT, BOTH = (Side.LEFT,), (Side.RIGHT,), (Side.LEFT, Side.RIGHT)
SIZES = {Severity.MILD: "small", Severity.MODERATE: "moderate", Severity.SEVERE: "large"}
EFFUSION = Noun("{size} {side} effusion", "{size} bilateral effusions", counted=True)


def finding(observation=Observation.PLEURAL_EFFUSION, sides=LEFT, **more):
    return Finding(observation, Presence.POSITIVE, sides, **more)


def test_fluid_is_small_and_the_heart_mildly_big():
    big = Noun("{size} cardiomegaly")
    heart = finding(Observation.CARDIOMEGALY, (), severity=Severity.MILD)
    assert noun_phrase(big, heart, SIZES) == "mild cardiomegaly"
    assert noun_phrase(EFFUSION, finding(severity=Severity.MILD), SIZES) == "small left effusion"


def test_both_sides_take_the_plural():
    both = finding(sides=BOTH, severity=Severity.SEVERE)
    assert noun_phrase(EFFUSION, both, SIZES) == "large bilateral effusions"
    assert is_plural(EFFUSION, both)
    assert not is_plural(EFFUSION, finding())


def test_what_has_resolved_has_no_size():
    gone = finding(severity=Severity.MILD, change=Change.RESOLVED)
    assert noun_phrase(EFFUSION, gone, SIZES) == "left effusion"


@pytest.mark.parametrize(
    ("site", "sides", "placed", "place"),
    [
        (Site.LOWER, LEFT, "left lower lobe", "the left lower lobe"),
        (Site.LOWER, BOTH, "bilateral lower lobe", "both lower lobes"),
        (Site.BASE, RIGHT, "right basilar", "the right lung base"),
        (Site.BASE, BOTH, "bibasilar", "both lung bases"),
    ],
)
def test_places_are_named_as_adjective_and_noun(site, sides, placed, place):
    opacity = finding(Observation.LUNG_OPACITY, sides, site=site)
    assert noun_phrase(Noun("{placed}"), opacity, SIZES) == placed
    assert noun_phrase(Noun("{place}"), opacity, SIZES) == place


def test_a_rib_is_told_by_number_or_word():
    rib = finding(Observation.FRACTURE, number=7)
    assert noun_phrase(Noun("{side} rib {number}"), rib, SIZES) == "left rib 7"
    assert noun_phrase(Noun("{side} {ordinal} rib"), rib, SIZES) == "left seventh rib"


def test_articles_and_verbs_agree():
    assert fill("There {is} {a_np}.", "opacity", True, False) == "There is an opacity."
    assert fill("{a_np} {has} grown", "effusions", True, True) == "effusions have grown"
    assert fill("{a_np}", "8 mm nodule", True, False) == "an 8 mm nodule"
    assert fill("{a_np}", "10 mm nodule", True, False) == "a 10 mm nodule"
    assert fill("{a_np}", "edema", False, False) == "edema"


def test_the_worse_side_stands_before_the_full_stop():
    worse = finding(sides=BOTH, greater=Side.RIGHT)
    assert with_tail("Effusions.", greater_side(worse)) == "Effusions, right greater than left."
    assert with_tail("Effusions.", greater_side(finding())) == "Effusions."


def test_lists_end_in_a_word():
    assert listed(["a"], "and") == "a"
    assert listed(["a", "b"], "or") == "a or b"
    assert listed(["a", "b", "c"], "and") == "a, b and c"


def test_sentences_start_with_a_capital_and_have_single_spaces():
    assert sentence(" the  PICC ") == "The PICC"


def test_a_tube_distance_is_in_centimetres():
    tube = Device(DeviceKind.TRACHEAL_TUBE, tenths=42, change=Change.NEW)
    assert device_phrase("{new} tube at {cm} cm", tube, {}) == "new tube at 4.2 cm"
