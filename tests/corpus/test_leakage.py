import pytest
from hypothesis import given
from hypothesis import strategies as st

from radimpress.config.schema import Overlap
from radimpress.corpus.assignment import Splits
from radimpress.corpus.leakage import (
    refuse_shared_patients,
    resolve_contamination,
    resolve_overlap,
    shared_patients,
)
from radimpress.corpus.normalise import normalise
from radimpress.corpus.report import Report
from radimpress.runtime.errors import RadimpressError

LONG = "The heart is large and there is a small effusion on the left, number {}."


def report(
    study: str, findings: str = "", impression: str = "Normal.", subject: str = ""
) -> Report:
    return Report(study, subject, "test", "", findings or f"Findings of {study}.", impression)


def ids(reports: list[Report]) -> list[str]:
    return [r.study_id for r in reports]


def test_a_patient_on_two_sides_is_refused_with_studies_and_without_the_patient():
    splits = Splits(
        [report("s1", subject="p777"), report("s2", subject="p888")],
        [report("s3", subject="p888")],
        [report("s4", subject="p777"), report("s5", subject="p777")],
    )
    with pytest.raises(RadimpressError, match="2 patients .* e.g. of studies s3, s4") as caught:
        refuse_shared_patients(splits)
    assert "777" not in str(caught.value)
    assert "s5" not in str(caught.value)


def test_reports_without_a_patient_are_no_shared_patient():
    refuse_shared_patients(Splits([report("s1")], [report("s2")], [report("s3")]))


OVERLAPPING = Splits(
    [report("a", "Lungs clear.", "Normal."), report("b", "Edema."), report("c", "Mass.", "Mass.")],
    [report("d", "edema"), report("e", "Scar."), report("f", "LUNGS  clear", "normal")],
    [report("g", "Lungs clear", "1. Normal."), report("h", "Mass.", "Tumour.")],
)


def test_equal_pairs_leave_train_first_then_validation_and_never_test():
    kept, counts = resolve_overlap(OVERLAPPING, Overlap.drop)
    assert ids(kept.train) == ["c"]
    assert ids(kept.validation) == ["d", "e"]
    assert kept.test == OVERLAPPING.test
    assert (counts.train_pairs_in_evaluation, counts.dropped_from_train) == (2, 2)
    assert (counts.validation_pairs_in_test, counts.dropped_from_validation) == (1, 1)


def test_equal_findings_with_another_impression_stay_and_are_reported():
    _, counts = resolve_overlap(OVERLAPPING, Overlap.drop)
    assert counts.test_findings_in_train == 1


def test_allow_keeps_everything_and_counts_it():
    kept, counts = resolve_overlap(OVERLAPPING, Overlap.allow)
    assert kept == OVERLAPPING
    assert (counts.train_pairs_in_evaluation, counts.validation_pairs_in_test) == (2, 1)
    assert (counts.dropped_from_train, counts.dropped_from_validation) == (0, 0)
    assert counts.test_findings_in_train == 2


def test_refuse_names_the_counts_and_some_studies_and_quotes_nothing():
    with pytest.raises(RadimpressError, match="2 training reports .* 1 validation .* a, b") as got:
        resolve_overlap(OVERLAPPING, Overlap.refuse)
    assert "clear" not in str(got.value)


def test_refuse_lets_clean_splits_pass():
    clean = Splits([report("a")], [report("b")], [report("c")])
    assert resolve_overlap(clean, Overlap.refuse)[0] == clean


texts = st.sampled_from(["Clear.", "clear", "Edema", "1. Edema.", "Mass", "Scar."])
sides = st.lists(st.builds(lambda f, i: report("s", f, i), texts, texts), max_size=8)


@given(sides, sides, sides)
def test_after_a_drop_no_pair_is_on_two_sides(train, validation, test):
    kept, _ = resolve_overlap(Splits(train, validation, test), Overlap.drop)
    pairs = [
        {(normalise(r.findings), normalise(r.impression)) for r in rows} for _, rows in kept.parts()
    ]
    assert len(set().union(*pairs)) == sum(map(len, pairs))


def own(train: int, validation: int = 2) -> Splits:
    return Splits(
        [report(f"t{i}", LONG.format(i)) for i in range(train)],
        [report(f"v{i}", LONG.format(1000 + i)) for i in range(validation)],
        [report("x", LONG.format(2000))],
    )


def settle(splits: Splits, external: list[Report], limit: float = 0.01, drop: bool = True):
    return resolve_contamination(splits, external, ("openi", "indiana"), limit, drop)


def test_an_external_test_set_out_of_the_same_corpus_is_refused():
    external = [report(f"e{i}", LONG.format(i), "Cut differently.") for i in range(1, 2001)]
    with pytest.raises(RadimpressError) as caught:
        settle(own(train=2000, validation=1), external)
    message = str(caught.value)
    assert "1,999 of 2,000" in message
    assert "'indiana'" in message
    assert "'openi'" in message
    assert "effusion" not in message


def test_a_few_copied_reports_leave_train_and_validation_and_are_counted():
    external = [report("e1", LONG.format(3)), report("e2", LONG.format(1001).upper())]
    external += [report(f"e{i}", LONG.format(5000 + i)) for i in range(3, 101)]
    kept, counts = settle(own(train=10), external, limit=0.02)
    assert "t3" not in ids(kept.train)
    assert (len(kept.train), ids(kept.validation)) == (9, ["v0"])
    assert (counts.found_distinctive, counts.distinctive_reports, counts.share) == (2, 100, 0.02)
    assert (counts.dropped_from_train, counts.dropped_from_validation) == (1, 1)


def test_copied_reports_can_be_kept_and_are_still_counted():
    splits = own(train=10)
    kept, counts = settle(splits, [report("e", LONG.format(3))], limit=1.0, drop=False)
    assert kept == splits
    assert (counts.found_distinctive, counts.dropped_from_train) == (1, 0)


def test_short_template_findings_are_no_evidence_of_copying():
    splits = own(train=10)
    splits.train.append(report("normal", "The lungs are clear."))
    external = [report(f"e{i}", "The lungs are clear.") for i in range(50)]
    external += [report(f"f{i}", LONG.format(9000 + i)) for i in range(50)]
    kept, counts = settle(splits, external)
    assert "normal" in ids(kept.train)
    assert (counts.found_template, counts.found_distinctive, counts.share) == (50, 0, 0.0)


def test_a_corpus_of_short_findings_alone_is_still_checked():
    with pytest.raises(RadimpressError, match="1 of 2 reports"):
        settle(
            Splits([report("a", "Edema.")], [report("b")], [report("c")]),
            [report("d", "edema"), report("e", "Mass.")],
        )


def test_an_external_test_set_may_repeat_the_own_test_set():
    kept, counts = settle(own(train=5), [report("e", LONG.format(2000))])
    assert kept == own(train=5)
    assert counts.share == 0.0


def test_a_shared_patient_is_counted_once_by_a_study_of_the_second_side():
    a, b, c = (report(study, subject="p") for study in ("1", "2", "3"))
    assert shared_patients(Splits([a], [b], [c])) == ["2"]
