import pytest

from radimpress.metrics.labels import cues, findings, grammar, organs
from radimpress.metrics.labels.phrases import regex, spread
from radimpress.metrics.labels.terms import Role

LISTS = (findings, organs, cues, grammar)
USED = {term.role for each in LISTS for _, term in each.terms()}


def test_every_role_has_phrases() -> None:
    signs = {Role.COMMA}  # written as punctuation
    assert set(Role) - signs <= USED


@pytest.mark.parametrize("module", LISTS, ids=lambda module: module.__name__.rsplit(".", 1)[-1])
def test_phrases_are_lower_case_without_groups_that_capture(module: object) -> None:
    for phrase, _ in module.terms():  # type: ignore[attr-defined]
        assert phrase == phrase.lower()
        assert "(" not in phrase.replace("(?:", "").replace("(?=", "")
        assert all(regex(each) for each in spread(phrase))
