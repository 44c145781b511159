import dataclasses

import pytest

from radimpress.corpus.synthetic.institution_a import A
from radimpress.corpus.synthetic.institution_b import B
from radimpress.corpus.synthetic.style import Noun


def test_a_noun_is_a_mass_of_one_form_unless_told():
    assert Noun("{size} edema") == Noun("{size} edema", None, False)


def test_the_tables_of_a_style_cannot_be_rebound():
    with pytest.raises(dataclasses.FrozenInstanceError):
        B.styles[0].name = "other"


def test_the_two_institutions_differ_in_their_normal_impressions():
    normal = [{style.impression.normal for style in house.styles} for house in (A, B)]
    assert not normal[0] & normal[1]
