import pytest

from radimpress.metrics.labels.labeller import label
from radimpress.metrics.labels.observations import Observation, Presence
from radimpress.metrics.labels.scanner import scan
from radimpress.metrics.labels.states import with_states
from radimpress.metrics.labels.terms import Anatomy, Role


def said(sentence: str) -> list[tuple[Anatomy, Presence]]:
    return [
        (event.term.anatomy, event.term.presence)
        for event in with_states(sentence, scan(sentence))
        if event.role is Role.FINDING and event.term.anatomy is not None
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "heart and mediastinum are normal",
            [(Anatomy.HEART, "neg"), (Anatomy.MEDIASTINUM, "neg")],
        ),
        (
            "normal heart size and mediastinal contours",
            [(Anatomy.HEART, "neg"), (Anatomy.MEDIASTINUM, "neg")],
        ),
        (
            "heart is enlarged and the lungs are clear",
            [(Anatomy.HEART, "pos"), (Anatomy.LUNGS, "neg")],
        ),
        ("normal heart size, clear lungs", [(Anatomy.HEART, "neg"), (Anatomy.LUNGS, "neg")]),
        ("lungs are hyperinflated but clear", [(Anatomy.LUNGS, "neg")]),
        ("heart size is stable but lungs are clear", [(Anatomy.LUNGS, "neg")]),
        ("lungs without consolidation, heart size normal", [(Anatomy.HEART, "neg")]),
        ("enlargement of the cardiac silhouette", [(Anatomy.HEART, "pos")]),
        ("heart size is unchanged", []),
    ],
)
def test_a_state_finds_the_organs_it_speaks_of(
    sentence: str, expected: list[tuple[Anatomy, str]]
) -> None:
    assert [(organ, presence.value[:3]) for organ, presence in said(sentence)] == expected


def test_large_is_a_state_of_the_heart_and_otherwise_a_limit() -> None:
    assert said("the heart is large") == [(Anatomy.HEART, Presence.POSITIVE)]
    roles = [event.role for event in with_states("no large effusion", scan("no large effusion"))]
    assert roles == [Role.NEGATES, Role.LIMIT, Role.FINDING]


@pytest.mark.parametrize(
    ("sentence", "observation"),
    [
        ("The lungs are not clear", Observation.LUNG_OPACITY),
        ("Lungs not entirely clear", Observation.LUNG_OPACITY),
        ("The heart is not normal in size", Observation.CARDIOMEGALY),
        ("The heart is no longer normal in size", Observation.CARDIOMEGALY),
    ],
)
def test_a_normal_state_that_is_denied_is_possibly_abnormal(
    sentence: str, observation: Observation
) -> None:
    assert label(sentence)[observation].presence is Presence.UNCERTAIN


def test_an_abnormal_state_that_is_denied_is_normal() -> None:
    found = label("The heart is not enlarged and the lungs are clear")
    assert found[Observation.CARDIOMEGALY].presence is Presence.NEGATIVE
    assert found[Observation.LUNG_OPACITY].presence is Presence.NEGATIVE
