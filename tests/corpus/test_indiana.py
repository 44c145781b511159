import json
from pathlib import Path

import pytest

from radimpress.corpus.indiana import read_indiana
from radimpress.corpus.raw import Fault, SectionedReport, Unreadable
from radimpress.runtime.errors import RadimpressError

GOOD = {
    "study_id": "770",
    "subject_id": "",
    "background": "Indication: Cough.",
    "findings": "Clear.",
    "impression": "1. Normal.",
}


def test_objects_become_reports_and_bad_ones_are_named(tmp_path: Path) -> None:
    path = tmp_path / "indiana_dev.json"
    path.write_text(json.dumps([GOOD, "x", {"study_id": "771", "findings": "Clear."}]))
    found = read_indiana(path, 1000)
    assert found.total == 3
    assert list(found.reports) == [
        SectionedReport("770", "", "Indication: Cough.", "Clear.", "1. Normal."),
        Unreadable("item-0000002", Fault.NO_OBJECT),
        Unreadable("771", Fault.MISSING_FIELD),
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b'[{"study_id": "1",}]', "is no valid JSON: .* at line 1, column 1[89]"),
        (b"[" * 100_000, "is no valid JSON: nested too deep"),
        (b'{"a": 1}', "holds a JSON dict, not a list"),
        (b"\0", "is no text file"),
        (b"", "is empty"),
    ],
)
def test_a_file_that_is_no_json_list_is_refused(
    tmp_path: Path, content: bytes, problem: str
) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(RadimpressError, match=f"{problem}.*; next: "):
        read_indiana(path, 1000)


def test_the_public_reports_are_all_read(indiana_half: Path) -> None:
    reports = list(read_indiana(indiana_half, 1_000_000).reports)
    assert len(reports) == 952
    assert all(isinstance(report, SectionedReport) and report.findings for report in reports)
