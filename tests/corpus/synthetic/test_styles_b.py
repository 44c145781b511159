import pytest

from radimpress.corpus.synthetic.observations import Change
from radimpress.corpus.synthetic.regions import Region
from radimpress.corpus.synthetic.styles_b import B1, B2, B3

STYLES = (B1, B2, B3)


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_a_style_has_words_for_every_change_and_region(style):
    assert set(style.findings.changed) == set(style.impression.changed) == set(Change)
    assert all(style.findings.changed.values())
    assert sorted(style.findings.order, key=lambda r: r.value) == sorted(
        Region, key=lambda r: r.value
    )


def test_the_styles_phrase_change_and_doubt_differently_in_impressions():
    for change in Change:
        assert len({style.impression.changed[change] for style in STYLES}) >= 2
    assert len({style.impression.possible for style in STYLES}) == 3


def test_the_shares_of_the_styles_sum_to_one():
    assert sum(style.weight for style in STYLES) == pytest.approx(1.0)
