import pytest
from hypothesis import given
from hypothesis import strategies as st

from radimpress.corpus.normalise import normalise, unify_placeholders


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("____-year-old with XXXX.", "#-year-old with #."),
        ("Seen by [**Doctor Last Name 12**] on ___", "Seen by # on #"),
        ("4____ cm and x-xxxx", "4# cm and x-#"),
        ("one_word, MAXXX and an x", "one_word, MAXXX and an x"),
    ],
)
def test_every_mark_of_removed_words_becomes_the_placeholder(text: str, expected: str) -> None:
    assert unify_placeholders(text, "#") == expected


def test_a_placeholder_is_taken_literally() -> None:
    assert unify_placeholders("a ___ b", r"\g<0>\1") == r"a \g<0>\1 b"


@pytest.mark.parametrize(
    "same",
    [
        "1. No effusion.  2. Heart size is XXXX!",
        "no effusion; heart-size is ____",
        "No effusion\n  Heart size is [**normal**]",
        "No effusion (heart size is ___)",
    ],
)
def test_texts_that_mean_the_same_have_one_form(same: str) -> None:
    assert normalise(same) == "no effusion heart size is ___"


def test_letters_that_only_look_different_have_one_form() -> None:
    assert normalise("ﬁbrosis “new” – é") == normalise('fibrosis "new" - é')


@given(st.text())
def test_a_form_has_no_capitals_punctuation_or_double_spaces(text: str) -> None:
    form = normalise(text)
    assert form == " ".join(form.split())
    assert form == form.lower()
    assert not set(form) & set(".,;:!?()[]-/'\"")


def test_hostile_text_takes_no_longer_than_other_text() -> None:
    assert normalise("[**" * 200_000) == ""
