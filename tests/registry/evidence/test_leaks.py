import pytest

from radimpress.corpus.report import Report, write_reports
from radimpress.registry.evidence.leaks import find_leaks


@pytest.fixture
def splits(tmp_path):
    def write(**rows):
        for name in ("train", "validation", "test"):
            reports = [
                Report(study, subject, "", "", findings, "No acute disease.")
                for study, subject, findings in rows.get(name, [])
            ]
            write_reports(tmp_path / f"{name}.parquet", reports)
        return [leak.count for leak in find_leaks(tmp_path, "test")]

    return write


def test_a_clean_split_has_none(splits):
    rows = {"train": [("1", "a", "one")], "test": [("2", "b", "two")]}
    assert splits(**rows) == [0, 0, 0]


def test_a_patient_on_two_sides_is_found_and_only_studies_are_named(splits, tmp_path):
    rows = {"train": [("1", "secret", "one")], "test": [("2", "secret", "two")]}
    assert splits(**rows) == [1, 0, 0]
    patients = find_leaks(tmp_path, "test")[0]
    assert patients.detail == "e.g. of study 2"


def test_a_pair_that_differs_in_case_and_signs_alone_is_found(splits):
    rows = {"train": [("1", "a", "Lungs are CLEAR")], "test": [("2", "b", "lungs are clear.")]}
    assert splits(**rows) == [0, 1, 0]


def test_validation_is_held_against_test(splits):
    rows = {"validation": [("1", "a", "one")], "test": [("2", "b", "one")]}
    assert splits(**rows) == [0, 0, 1]
