import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radimpress.metrics.labels.sentences import extents, list_numbers, sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No effusion. Stable heart.", ["No effusion", "Stable heart"]),
        ("1. No effusion. 2. Stable heart.", ["No effusion", "Stable heart"]),
        ("1) No effusion 2) Stable heart", ["No effusion", "Stable heart"]),
        ("1.Lucency of the clavicle.", ["Lucency of the clavicle"]),
        ("A 1.5 cm nodule. Stable.", ["A 1.5 cm nodule", "Stable"]),
        ("Atelectasis vs. pneumonia.", ["Atelectasis vs. pneumonia"]),
        ("Discussed with Dr. Doe. No effusion.", ["Discussed with Dr. Doe", "No effusion"]),
        ("Fracture of rib 7. No pneumothorax.", ["Fracture of rib 7", "No pneumothorax"]),
        ("No effusion.Normal heart.", ["No effusion", "Normal heart"]),
        ("Findings:\n- effusion\n- edema", ["Findings:", "effusion", "edema"]),
        ("Small\n left\n effusion.", ["Small left effusion"]),
        ("No effusion.. .", ["No effusion"]),
        ("Pneumonia? No effusion.", ["Pneumonia?", "No effusion"]),
        ("? Pneumonia.", ["? Pneumonia"]),
        ("", []),
        ("___ . 12.", []),
    ],
)
def test_report_text_splits_where_a_radiologist_ends_a_statement(
    text: str, expected: list[str]
) -> None:
    assert sentences(text) == expected


def test_a_list_number_opens_or_continues_a_list_and_other_numbers_do_not() -> None:
    text = "1. Fracture of rib 7. Stable. 2. Nodule of 3 mm."
    assert [text[low:high] for low, high in list_numbers(text)] == ["1.", "2."]


@given(st.text(max_size=200))
def test_sentences_are_stripped_and_single_spaced_whatever_the_text(text: str) -> None:
    for each in sentences(text):
        assert each == " ".join(each.split()) != ""


def test_extents_are_the_places_of_sentences_with_their_stops() -> None:
    text = "1. No effusion.\n2) Stable  heart"
    assert [(text[a:b], text[b:c]) for a, b, c in extents(text)] == [
        ("No effusion", "."),
        ("Stable  heart", ""),
    ]


@given(st.text(max_size=200))
def test_extents_follow_each_other_and_leave_only_white_space_and_markers(text: str) -> None:
    covered = {place for low, high in list_numbers(text) for place in range(low, high)}
    last = 0
    for start, end, stop in extents(text):
        assert last <= start <= end <= stop
        assert start < stop
        covered |= set(range(start, stop))
        last = stop
    left = {text[place] for place in range(len(text)) if place not in covered}
    assert all(each.isspace() or each in "-*•" for each in left)


def test_a_long_row_of_stops_takes_no_time() -> None:
    began = time.process_time()
    assert sentences("." * 20_000 + "clear") == ["." * 20_000 + "clear"]
    assert sentences("Stable vs.. Clear... Dry.") == ["Stable vs.", "Clear", "Dry"]
    assert time.process_time() - began < 2  # tried from each stop on, it takes seven seconds
