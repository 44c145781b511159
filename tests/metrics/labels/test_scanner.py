from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radimpress.metrics.labels.observations import Observation
from radimpress.metrics.labels.scanner import scan
from radimpress.metrics.labels.terms import Role


def seen(sentence: str) -> list[tuple[str, Role]]:
    return [(sentence[event.start : event.end], event.role) for event in scan(sentence)]


@pytest.mark.parametrize(
    ("sentence", "phrase"),
    [
        ("No change in the effusion", "No change in"),
        ("No longer enlarged", "No longer"),
        ("Pleural effusion", "Pleural effusion"),
        ("Lung volumes are low", "Lung volumes"),
        ("Heart rate", "Heart rate"),
        ("Cannot be excluded", "Cannot be excluded"),
        ("Left greater than right", "Left greater than right"),
    ],
)
def test_the_longest_phrase_wins(sentence: str, phrase: str) -> None:
    assert seen(sentence)[0][0] == phrase


def test_spaces_and_hyphens_are_one() -> None:
    assert scan("airspace disease")[0].term == scan("Air-space  disease")[0].term


def test_a_slash_between_words_is_an_alternative_and_in_a_date_it_is_not() -> None:
    assert [role for _, role in seen("atelectasis/infiltrate")] == [
        Role.FINDING,
        Role.EITHER,
        Role.FINDING,
    ]
    assert seen("on 10/12") == []


def test_a_question_mark_doubts_what_follows_it_or_at_the_end_what_precedes() -> None:
    assert seen("?pneumonia")[0] == ("?", Role.SUSPECTS)
    assert seen("pneumonia?")[-1] == ("?", Role.SUSPECTED)


def test_words_inside_words_are_not_seen() -> None:
    assert seen("abnormally nodose northern mastoid") == []


def test_a_finding_names_its_observation() -> None:
    assert scan("hydropneumothorax")[0].term.observations == (
        Observation.PNEUMOTHORAX,
        Observation.PLEURAL_EFFUSION,
    )


@given(st.text(max_size=120))
def test_events_stand_in_order_without_overlap(sentence: str) -> None:
    events = scan(sentence)
    assert all(one.end <= other.start for one, other in pairwise(events))
