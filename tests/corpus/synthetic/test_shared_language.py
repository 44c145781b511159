import pytest

from radimpress.corpus.synthetic import generate_studies
from radimpress.corpus.synthetic.institution_a import A
from radimpress.corpus.synthetic.institution_b import B
from radimpress.corpus.synthetic.shared_language import describing_as

BOTH = describing_as(A, B)


def test_every_way_of_concluding_is_our_own():
    assert {id(style.impression) for style in BOTH.styles} == {
        id(style.impression) for style in A.styles
    }
    assert BOTH.headlines is A.headlines
    assert BOTH.cause_headlines is A.cause_headlines


def test_findings_are_described_in_the_words_of_both():
    assert {id(style.findings) for style in BOTH.styles} == {
        id(style.findings) for style in (*A.styles, *B.styles)
    }
    for kind, nouns in A.nouns.items():
        assert BOTH.nouns[kind][: len(nouns)] == nouns
        assert set(B.nouns[kind]) <= set(BOTH.nouns[kind])
        assert len(set(BOTH.nouns[kind])) == len(BOTH.nouns[kind])


def test_shares_of_patients_add_up():
    assert sum(style.weight for style in BOTH.styles) == pytest.approx(1.0)
    own = [style.weight for style in BOTH.styles if style in A.styles or "-" not in style.name]
    assert sum(own) == pytest.approx(0.5)


def test_no_conclusion_of_the_other_institution_is_ever_seen():
    theirs = {study.impression for study in generate_studies("B", 400, 1)}
    ours = {study.impression for study in generate_studies("A", 400, 2)}
    normal = "No radiographic evidence of acute cardiopulmonary disease."
    assert normal in theirs
    assert normal not in ours
    assert len(theirs & ours) < 0.05 * len(theirs)
