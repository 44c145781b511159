import pytest
from hypothesis import given
from hypothesis import strategies as st

from radimpress.metrics.labels.labeller import claims
from radimpress.metrics.labels.sentences import list_numbers, sentences
from radimpress.metrics.parts import parts, whole_sentences

PIECES = st.sampled_from(
    [
        "1.",
        "2)",
        "- ",
        "* ",
        "\n",
        " ",
        "no",
        "left",
        "effusion",
        "and",
        "with",
        ";",
        ".",
        "___",
        "Cardiomegaly",
        "pneumothorax",
        "No acute abnormality",
        "but",
        "5 mm",
        "?",
        "İ",
        "\x0b",
        ",",
    ]
)
TEXTS = st.one_of(st.text(max_size=120), st.lists(PIECES, max_size=20).map(" ".join))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cardiomegaly. No effusion.", ["Cardiomegaly.", "No effusion."]),
        ("1. Cardiomegaly\n2. No effusion", ["Cardiomegaly", "No effusion"]),
        ("- Cardiomegaly\n- No effusion", ["Cardiomegaly", "No effusion"]),
        (
            "Cardiomegaly and small left effusion.",
            ["Cardiomegaly", "and small left effusion."],
        ),
        ("No effusion, no edema.", ["No effusion,", "no edema."]),
        (
            "Mild edema, small effusions and a large heart.",
            ["Mild edema,", "small effusions", "and a large heart."],
        ),
        ("Cardiomegaly with edema; no effusion.", ["Cardiomegaly", "with edema;", "no effusion."]),
        ("Cardiomegaly\n  and  left\neffusion", ["Cardiomegaly", "and  left\neffusion"]),
        ("No effusion. . ", ["No effusion. ."]),
        ("See above.", ["See above."]),
        ("...", ["..."]),
        ("1. ", ["1."]),  # no list: nothing stands behind it
        ("", []),
    ],
)
def test_an_impression_falls_into_its_statements(text: str, expected: list[str]) -> None:
    assert [text[part.start : part.end] for part in parts(text)] == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "No effusion and pneumothorax",  # one negation
        "Left effusion and atelectasis",  # one side
        "Opacity consistent with pneumonia",
        "Effusion and pneumothorax are not seen",
        "No effusion, pneumothorax or edema",
        "Opacity, likely pneumonia",
        "Heart and mediastinum are normal",
        "Nodules of 3 and 5 mm",
    ],
)
def test_what_belongs_together_is_never_cut(sentence: str) -> None:
    assert [part.sentence for part in parts(sentence)] == [sentence]


@given(TEXTS)
def test_every_character_but_white_space_and_list_markers_is_in_one_part(text: str) -> None:
    covered = [place for part in parts(text) for place in range(part.start, part.end)]
    assert len(covered) == len(set(covered))
    listed = {place for low, high in list_numbers(text) for place in range(low, high)}
    left = [
        text[place]
        for place in range(len(text))
        if place not in covered and place not in listed and not text[place].isspace()
    ]
    assert set(left) <= set("-*•")


@given(TEXTS)
def test_parts_never_claim_more_or_less_than_the_sentences(text: str) -> None:
    whole = [claim for sentence in sentences(text) for claim in claims(sentence)]
    assert [claim for part in parts(text) for claim in part.claims] == whole


@given(TEXTS)
def test_whole_sentences_are_those_that_the_labeller_reads(text: str) -> None:
    assert [part.sentence for part in whole_sentences(text)] == sentences(text)
