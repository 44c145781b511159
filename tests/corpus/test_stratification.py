import pytest

from radimpress.corpus.report import Report
from radimpress.corpus.stratification import Composition, composition, sounds_normal, table


def report(study: str, subject: str, impression: str, source: str = "a") -> Report:
    return Report(study, subject, source, "", "Two words.", impression)


def test_a_side_is_described_by_counts_shares_and_means():
    rows = [
        report("1", "p", "No acute disease.", "b"),
        report("2", "p", "Left effusion."),
        report("3", "q", "Normal chest."),
    ]
    assert composition(rows) == Composition(
        reports=3,
        subjects=2,
        share_normal=0.6667,
        mean_findings_words=2.0,
        mean_impression_words=2.33,
        sources={"a": 2, "b": 1},
    )


def test_reports_without_a_patient_count_no_subject():
    assert composition([report("1", "", "Normal.")]).subjects == 0


def test_an_empty_side_has_zeros():
    assert composition([]) == Composition(0, 0, 0.0, 0.0, 0.0, {})


@pytest.mark.parametrize(
    "impression",
    [
        "No acute cardiopulmonary abnormality.",
        "1. No evidence of active disease.",
        "Negative for acute abnormality.",
        "There is no acute cardiopulmonary process.",
        "Normal chest.",
        "Unremarkable examination of the chest.",
    ],
)
def test_usual_normal_impressions_sound_normal(impression: str):
    assert sounds_normal(impression)


@pytest.mark.parametrize(
    "impression",
    [
        "Small left effusion.",
        "No change in the left effusion.",
        "Cardiomegaly, no acute findings.",
        "Acute pulmonary edema.",
        "No acute disease. A nodule of 8 mm in the right upper lobe needs CT.",
    ],
)
def test_findings_do_not_sound_normal(impression: str):
    assert not sounds_normal(impression)


def test_the_table_has_one_aligned_line_a_split():
    side = {
        "reports": 1234,
        "subjects": 5,
        "share_normal": 0.5,
        "mean_findings_words": 30.25,
        "mean_impression_words": 8.0,
        "sources": {"a": 1234},
    }
    header, train, test = table({"train": side, "test_x": side}).splitlines()
    assert header.split()[:3] == ["split", "reports", "subjects"]
    assert train.split() == ["train", "1,234", "5", "0.5", "30.25", "8.0"]
    assert len(header) == len(train) == len(test)
