import pytest
from hypothesis import given
from hypothesis import strategies as st

from radimpress.corpus.assignment import Part, Splits, by_hash, group_key, part_of, unit_hash
from radimpress.corpus.report import Report
from radimpress.runtime.errors import RadimpressError

words = st.text("abcdef ", min_size=1, max_size=12)
reports = st.builds(
    Report,
    study_id=st.from_regex(r"s[0-9]{1,4}", fullmatch=True),
    subject_id=st.sampled_from(["", "1", "2", "3", "4", "5"]),
    source=st.just("test"),
    background=st.just(""),
    findings=words,
    impression=words,
)


def report(study: str, subject: str = "", findings: str = "Lungs clear.") -> Report:
    return Report(study, subject, "test", "", findings, "Normal.")


def side_of(splits: Splits, wanted: Report) -> set[Part]:
    return {part for part, rows in splits.parts() if wanted in rows}


def test_the_hash_of_a_key_is_the_same_on_every_machine_and_in_every_release():
    assert unit_hash("subject:10000032") == pytest.approx(0.528203380967, abs=1e-12)
    assert unit_hash("findings:the lungs are clear") == pytest.approx(0.127013851511, abs=1e-12)


@given(st.text())
def test_every_key_falls_into_the_half_open_unit_interval(key: str):
    assert 0 <= unit_hash(key) < 1


def test_the_patient_is_the_key_and_equal_findings_are_where_there_is_no_patient():
    assert group_key(report("s1", "p9")) == "subject:p9"
    assert group_key(report("s1")) == group_key(report("s2", findings="lungs  CLEAR"))
    assert group_key(report("s1")) != group_key(report("s1", findings="Effusion."))


def test_shares_are_met_over_many_patients():
    parts = [part_of(f"subject:{i}", validation=0.1, test=0.2) for i in range(20_000)]
    assert parts.count(Part.test) / 20_000 == pytest.approx(0.2, abs=0.01)
    assert parts.count(Part.validation) / 20_000 == pytest.approx(0.1, abs=0.01)


@given(st.text(), st.floats(0.01, 0.4), st.floats(0.01, 0.4), st.floats(0.01, 0.4))
def test_another_validation_share_moves_no_report_into_or_out_of_test(
    key: str, test: float, one: float, other: float
):
    assert (part_of(key, one, test) is Part.test) == (part_of(key, other, test) is Part.test)


@given(st.lists(reports, max_size=30), st.lists(reports, max_size=30))
def test_added_reports_never_move_others(before: list[Report], added: list[Report]):
    small, large = by_hash(before, 0.2, 0.3), by_hash(before + added, 0.2, 0.3)
    for one in before:
        assert side_of(small, one) == side_of(large, one)


@given(st.lists(reports, max_size=40))
def test_no_group_stands_on_two_sides_and_no_report_is_lost(rows: list[Report]):
    splits = by_hash(rows, 0.3, 0.3)
    groups = [{group_key(r) for r in part} for _, part in splits.parts()]
    assert len(set().union(*groups)) == sum(map(len, groups))
    assert sum(len(part) for _, part in splits.parts()) == len(rows)


@given(st.lists(reports, max_size=20, unique_by=lambda r: r.study_id), st.randoms())
def test_the_order_of_the_input_does_not_matter(rows: list[Report], random):
    shuffled = random.sample(rows, len(rows))
    assert by_hash(rows, 0.3, 0.3) == by_hash(shuffled, 0.3, 0.3)


def test_sides_are_sorted_by_study_id_as_text():
    rows = [report("s9", "a"), report("s10", "a"), report("s1", "a")]
    (part,) = [part for _, part in by_hash(rows, 0.3, 0.3).parts() if part]
    assert [r.study_id for r in part] == ["s1", "s10", "s9"]


def test_an_empty_side_is_refused_with_the_size_of_each():
    splits = Splits([report("s1")], [], [report("s2")])
    with pytest.raises(RadimpressError, match=r"validation is empty today \(train 1, validation 0"):
        splits.refuse_empty("today")
