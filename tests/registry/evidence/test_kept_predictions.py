import pytest

from radimpress.corpus.report import Prediction, Report
from radimpress.registry.evidence.kept_predictions import KeptPredictions, code_digest

REPORTS = [Report(study, "", "", "", "findings", "") for study in "ab"]


@pytest.fixture
def made():
    return []


@pytest.fixture
def make(made):
    def generate(reports):
        made.append([report.study_id for report in reports])
        return [Prediction(report.study_id, "text", truncated=True) for report in reports]

    return generate


def test_what_was_made_once_is_read_the_second_time(tmp_path, make, made):
    first = KeptPredictions(tmp_path).get(["model", 32], REPORTS, make)
    second = KeptPredictions(tmp_path).get(["model", 32], REPORTS, make)
    assert first == second == [Prediction("a", "text", True), Prediction("b", "text", True)]
    assert made == [["a", "b"]]


def test_another_fingerprint_or_other_reports_are_made_anew(tmp_path, make, made):
    kept = KeptPredictions(tmp_path)
    kept.get(["model", 32], REPORTS, make)
    kept.get(["model", 16], REPORTS, make)
    kept.get(["model", 32], REPORTS[:1], make)
    assert made == [["a", "b"], ["a", "b"], ["a"]]


def test_other_code_is_another_fingerprint(tmp_path, make, made, monkeypatch):
    KeptPredictions(tmp_path).get(["model"], REPORTS, make)
    monkeypatch.setattr(
        "radimpress.registry.evidence.kept_predictions.code_digest", lambda: "other"
    )
    KeptPredictions(tmp_path).get(["model"], REPORTS, make)
    assert len(made) == 2


def test_a_damaged_file_is_made_anew(tmp_path, make, made):
    kept = KeptPredictions(tmp_path)
    kept.get(["model"], REPORTS, make)
    next(tmp_path.glob("*.parquet")).write_bytes(b"rotten")
    assert len(kept.get(["model"], REPORTS, make)) == 2
    assert len(made) == 2


def test_the_code_has_one_digest():
    assert code_digest() == code_digest()
    assert len(code_digest()) == 64
