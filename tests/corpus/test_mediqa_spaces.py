import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radimpress.corpus.mediqa_spaces import single_spaced

LETTERS = st.sampled_from(
    [" ", "\n", "a", "B.", "\t", "\x1f", "\0", "\x01", "\x7f", "\xa0", "é", "\u2003"]
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No\n acute  disease.", "No acute disease."),
        ("a \nb", "a b"),
        ("a\n\nb", "a b"),
        ("a \n \n  b c", "a b c"),
        ("lungs\nclear", "lungsclear"),
        ("\n", ""),
        (" \n", " "),
        ("", ""),
    ],
)
def test_runs_become_a_space_and_lone_line_breaks_vanish(text: str, expected: str) -> None:
    assert single_spaced([text]) == [expected]
    assert single_spaced(["x ", text, " y"]) == ["x ", expected, " y"]


def test_no_texts_give_none() -> None:
    assert single_spaced([]) == []


@given(st.lists(st.lists(LETTERS, max_size=12).map("".join), max_size=6))
@settings(max_examples=1000, deadline=None)
def test_each_text_is_what_the_regular_expression_makes_of_it(texts: list[str]) -> None:
    expected = [re.sub(r"\s\s+", " ", text).replace("\n", "") for text in texts]
    assert single_spaced(texts) == expected


@given(st.lists(st.text(" \nab", max_size=12), max_size=6))
@settings(max_examples=1000, deadline=None)
def test_ordinary_texts_are_cleaned_together_as_alone(texts: list[str]) -> None:
    expected = [re.sub(r"\s\s+", " ", text).replace("\n", "") for text in texts]
    assert single_spaced(texts) == expected
