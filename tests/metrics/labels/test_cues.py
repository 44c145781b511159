import pytest

from radimpress.metrics.labels.labeller import label
from radimpress.metrics.labels.observations import Observation, Presence

EFFUSION = Observation.PLEURAL_EFFUSION


@pytest.mark.parametrize(
    "text",
    [
        "No effusion.",
        "Without effusion.",
        "No evidence of effusion.",
        "No definite radiographic evidence of an effusion.",
        "Negative for effusion.",
        "Free of effusion.",
        "Absence of effusion.",
        "Denies effusion.",
        "Effusion is not identified.",
        "Effusion has completely resolved.",
        "Effusion has cleared.",
        "Effusion is absent.",
        "Effusion is no longer visible.",
        "Effusion: none.",
        "Interval resolution of effusion.",
        "Effusion has been ruled out.",
    ],
)
def test_negations_exclude(text: str) -> None:
    assert label(text)[EFFUSION].presence is Presence.NEGATIVE


@pytest.mark.parametrize(
    "text",
    [
        "Possible effusion.",
        "Probable effusion.",
        "Likely effusion.",
        "Suspected effusion.",
        "Questionable effusion.",
        "Equivocal effusion.",
        "May represent effusion.",
        "Could reflect effusion.",
        "Suggestive of effusion.",
        "Suspicious for effusion.",
        "Concerning for effusion.",
        "Cannot exclude effusion.",
        "Effusion cannot be excluded.",
        "Effusion is not excluded.",
        "Effusion is difficult to exclude.",
        "Effusion is a consideration.",
        "Effusion versus thickening.",
        "Less likely effusion.",
    ],
)
def test_doubts_make_possible(text: str) -> None:
    assert label(text)[EFFUSION].presence is Presence.UNCERTAIN


@pytest.mark.parametrize(
    "text",
    [
        "No change in the effusion.",
        "Without significant change in the effusion.",
        "No significant interval increase in the effusion.",
        "The effusion is not significantly changed.",
        "The effusion has not resolved.",
        "Partially resolved effusion.",
        "Near complete resolution of the effusion.",
        "Consistent with effusion.",
        "Compatible with effusion.",
        "Persistent effusion.",
        "Follow-up to document resolution of the effusion.",
    ],
)
def test_what_only_seems_to_negate_or_doubt_leaves_the_finding(text: str) -> None:
    assert label(text)[EFFUSION].presence is Presence.POSITIVE


def test_only_devices_are_removed() -> None:
    found = label("The chest tube has been removed. The left effusion was removed from view.")
    assert found[Observation.SUPPORT_DEVICES].presence is Presence.NEGATIVE
    assert found[EFFUSION].presence is Presence.POSITIVE
