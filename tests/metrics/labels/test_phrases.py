import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radimpress.metrics.labels.phrases import phrases, regex, spread


def test_a_line_with_a_bar_goes_on_with_the_phrase_above() -> None:
    assert phrases("  heart size\n  lung (?:field\n      ||zone)\n\n") == [
        "heart size",
        "lung (?:field|zone)",
    ]


@pytest.mark.parametrize("text", ["air space", "air-space", "airspace"])
def test_an_optional_space_matches_a_space_a_hyphen_or_nothing(text: str) -> None:
    assert re.fullmatch(regex("air ?space"), text)


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("effusion", ["effusion"]),
        ("(?:lung|lobar) collapse", ["lung collapse", "lobar collapse"]),
        ("(?:now )?resolved", ["now resolved", "resolved"]),
        ("(?:new )*effusion", ["new (?:new )*effusion", "effusion"]),
        ("[rl] base", ["r base", "l base"]),
        ("o?edema", ["oedema", "edema"]),
        ("heart(?: size)?", ["heart size", "heart"]),
        ("(?:(?:is|was) )?absent", ["is absent", "was absent", "absent"]),
    ],
)
def test_a_phrase_is_spread_to_open_with_a_character_and_end_in_no_option(
    phrase: str, expected: list[str]
) -> None:
    assert spread(phrase) == expected


words = st.sampled_from(["new", "old", "left", "no"])
groups = st.lists(words, min_size=1, max_size=3).map("|".join)
phrase_like = st.lists(
    st.one_of(words, groups.map(lambda g: f"(?:{g})"), groups.map(lambda g: f"(?:(?:{g}) )?x")),
    min_size=1,
    max_size=3,
).map(" ".join)


@given(phrase_like, st.lists(words | st.just("x"), max_size=6).map(" ".join))
def test_spreading_does_not_change_what_a_phrase_matches(phrase: str, text: str) -> None:
    whole = re.fullmatch(regex(phrase), text) is not None
    assert any(re.fullmatch(regex(each), text) for each in spread(phrase)) is whole


def test_an_unbalanced_phrase_is_refused() -> None:
    with pytest.raises(ValueError, match="unbalanced phrase"):
        spread("(?:lung")
