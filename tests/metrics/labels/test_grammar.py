import pytest

from radimpress.metrics.labels.observations import Side
from radimpress.metrics.labels.scanner import scan
from radimpress.metrics.labels.terms import Role


@pytest.mark.parametrize(
    ("word", "sides"),
    [
        ("left", {Side.LEFT}),
        ("lingula", {Side.LEFT}),
        ("right-sided", {Side.RIGHT}),
        ("middle lobe", {Side.RIGHT}),
        ("left middle lobe", {Side.LEFT}),
        ("rll", {Side.RIGHT}),
        ("bilateral", {Side.LEFT, Side.RIGHT}),
        ("bibasilar", {Side.LEFT, Side.RIGHT}),
        ("both", {Side.LEFT, Side.RIGHT}),
        ("bases", {Side.LEFT, Side.RIGHT}),
        ("left greater than right", {Side.LEFT, Side.RIGHT}),
        ("r>l", {Side.LEFT, Side.RIGHT}),
    ],
)
def test_a_side_word_names_its_sides(word: str, sides: set[Side]) -> None:
    (event,) = scan(word)
    assert event.term.sides == sides


def test_only_sides_weighed_against_each_other_compare() -> None:
    assert scan("left greater than right")[0].term.compares
    assert not scan("bilateral")[0].term.compares


@pytest.mark.parametrize(
    ("word", "role"),
    [("but", Role.BUT), ("although", Role.BREAK), ("with", Role.WITH), ("which", Role.WHICH)],
)
def test_words_that_end_a_scope_are_known(word: str, role: Role) -> None:
    assert scan(word)[0].role is role
