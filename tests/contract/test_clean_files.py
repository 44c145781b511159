"""What the stage `split`, and people, find in data/clean."""

import json
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from radimpress.config.schema import CorpusFormat, Data, External
from radimpress.corpus.clean_stage import clean_corpus
from radimpress.corpus.report import Report, read_reports


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    """data/clean of a corpus with two good reports, one dropped and one unreadable."""
    path = tmp_path / "reports.zip"
    good = " INDICATION:  Cough.\n FINDINGS:  Lungs are clear.\n IMPRESSION:  1. No disease.\n"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("files/p10/p10/s3.txt", good)
        archive.writestr("files/p11/p11/s20.txt", good)
        archive.writestr("files/p11/p11/s4.txt", " IMPRESSION:  No disease.\n")
        archive.writestr("files/p11/p11/s5.txt", b"\0")
    outside = tmp_path / "outside.json"
    record = {"study_id": "9", "findings": "Lungs are clear.", "impression": "No disease."}
    outside.write_text(json.dumps([record]))
    data = Data(
        name="inside",
        format=CorpusFormat.mimic_cxr,
        path=str(path),
        external=External(name="outside", format=CorpusFormat.indiana, path=str(outside)),
    )
    clean_corpus(data, tmp_path / "clean", workers=1)
    return tmp_path / "clean"


def test_reports_are_rows_of_text_sorted_by_study_id(clean: Path) -> None:
    schema = pq.read_schema(clean / "reports.parquet")
    names = ["study_id", "subject_id", "source", "background", "findings", "impression"]
    assert schema.names == names
    assert {str(field.type) for field in schema} == {"string"}
    texts = ("Indication: Cough.", "Lungs are clear.", "No disease.")
    assert read_reports(clean / "reports.parquet") == [
        Report("20", "11", "inside", *texts),
        Report("3", "10", "inside", *texts),
    ]


def test_the_external_test_set_has_the_same_rows_under_its_own_name(clean: Path) -> None:
    assert read_reports(clean / "external.parquet") == [
        Report("9", "", "outside", "", "Lungs are clear.", "No disease.")
    ]


def test_the_summary_counts_every_report_once(clean: Path) -> None:
    summary = json.loads((clean / "summary.json").read_text())
    assert list(summary) == [
        *("corpus", "profile", "read", "kept", "dropped", "quarantined"),
        *("repaired_encoding", "cleaning", "external"),
    ]
    assert (summary["read"], summary["kept"]) == (4, 2)
    assert summary["dropped"] == {"no_findings": 1}
    assert summary["quarantined"] == {"not_text": 1}
    assert summary["cleaning"]["list_numbers"] == "strip"
    assert (summary["external"]["read"], summary["external"]["kept"]) == (1, 1)


def test_the_quarantine_names_studies_and_reasons_and_holds_no_text(clean: Path) -> None:
    lines = (clean / "quarantine.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == [
        {"corpus": "inside", "study_id": "5", "reason": "not_text"}
    ]


def test_nothing_else_is_left_behind(clean: Path) -> None:
    assert sorted(path.name for path in clean.iterdir()) == [
        *("external.parquet", "quarantine.jsonl", "reports.parquet", "summary.json"),
    ]
    assert sorted(p.name for p in clean.parent.iterdir()) == [
        "clean",
        "outside.json",
        "reports.zip",
    ]
