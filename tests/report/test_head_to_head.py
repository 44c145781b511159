from dataclasses import replace

import pytest

from radimpress.corpus.report import Report
from radimpress.metrics.score import ScoredPair, Settings, score
from radimpress.metrics.significance import Resampling
from radimpress.report.head_to_head import head_to_head
from radimpress.report.side import Side
from radimpress.runtime.errors import RadimpressError

SETTINGS = Settings(Resampling(samples=200))
FINDINGS = "There is a small left pleural effusion."
REFERENCE = "Small left pleural effusion."
WRONG = "Right pneumothorax."


def side(right, reports=20, label="x", public=True, known=True):
    """Numbers 0 to `reports`; right on those in `right`."""
    written = {str(n): REFERENCE if n in right else WRONG for n in range(reports)}
    found = score(
        [ScoredPair(study, FINDINGS, REFERENCE, text) for study, text in written.items()], SETTINGS
    )
    texts = {s: Report(s, "", "synthetic", "", FINDINGS, REFERENCE) for s in written}
    return Side(
        label, {"run_id": label}, found.study_ids, found.columns, "", texts if known else {},
        written, public,
    )  # fmt: skip


def compared(a, b, wanted=4):
    return head_to_head(a, b, "test", SETTINGS, wanted)


def test_the_difference_is_a_minus_b_with_who_won_how_often():
    duel = compared(side(range(15)), side(range(12, 17))).metrics["rougeL"]
    assert (duel.a, duel.b) == (0.75, 0.25)
    test = duel.comparison
    assert test.test.difference == 0.5
    assert test.test.low < 0.5 < test.test.high
    assert (test.wins, test.ties, test.losses, test.n) == (12, 6, 2, 20)


def test_swapping_the_sides_turns_every_sign():
    there = compared(side(range(15)), side(range(12, 17))).metrics
    back = compared(side(range(12, 17)), side(range(15))).metrics
    assert there.keys() == back.keys()
    for name, duel in there.items():
        other = back[name].comparison
        assert other.test.difference == pytest.approx(-duel.comparison.test.difference)
        assert other.test.p == pytest.approx(duel.comparison.test.p)
        assert (other.wins, other.losses) == (duel.comparison.losses, duel.comparison.wins)


def test_only_reports_that_both_have_count_and_the_others_are_mentioned():
    found = compared(side(range(20)), side([], reports=12))
    assert found.reports == 12
    assert found.cautions == ("8 reports that only one of them has are left out",)


def test_two_versions_of_a_split_are_a_caution():
    a, b = side([1]), side([2])
    found = compared(replace(a, split_md5="aa"), replace(b, split_md5="bb"))
    assert "different versions of this split" in found.cautions[0]
    assert compared(replace(a, split_md5="aa"), replace(b, split_md5="aa")).cautions == ()


def test_sides_without_a_common_report_are_refused():
    a = side([1])
    other = replace(a, studies=tuple(f"x{study}" for study in a.studies))
    with pytest.raises(RadimpressError, match="share no report of split 'test'"):
        compared(a, other)


def test_slices_need_the_reports():
    found = compared(side(range(15)), side([]))
    size, duels = found.slices["observation_pleural_effusion"]
    assert size == 20
    assert duels["rougeL"].comparison.test.difference == pytest.approx(0.75)
    assert set(duels) == {"rougeL", "clinical_f1_micro"}
    assert compared(side([1], known=False), side([], known=False)).slices == {}


def test_half_of_what_is_shown_are_wins_of_each_side_and_errors_are_named():
    found = compared(side([0, 1, 2, 3]), side([3, 4, 5]))
    assert [each.study_id for each in found.differing] == ["0", "1", "5", "4"]
    first = found.differing[0]
    assert (first.a, first.b) == (1.0, 0.0)
    assert first.errors_a == ()
    assert set(first.errors_b) == {"hallucination", "omission"}


def test_places_that_one_side_leaves_free_go_to_the_other():
    assert [e.study_id for e in compared(side([0, 1, 2, 3]), side([9])).differing] == [
        *("0", "1", "2"),
        "9",
    ]
    assert len(compared(side(range(20)), side([])).differing) == 4
    assert compared(side([1]), side([2]), wanted=0).differing == ()


@pytest.mark.parametrize(("a", "b"), [(True, False), (False, True), (False, False)])
def test_text_is_shown_only_where_both_sides_are_public(a, b):
    found = compared(side([0], public=a), side([1], public=b))
    assert found.differing
    assert all(each.texts is None for each in found.differing)


def test_text_of_a_public_corpus_is_shown_with_what_is_at_hand():
    a, b = side([0]), side([1])
    texts = compared(a, replace(b, outputs={})).differing[0].texts
    assert texts.findings == FINDINGS
    assert texts.reference == REFERENCE
    assert texts.a == REFERENCE
    assert texts.b is None
