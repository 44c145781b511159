import pytest

from radimpress.config.schema import Columns
from radimpress.corpus.raw import Fault, RawReport, SectionedReport, Unreadable, WholeReport
from radimpress.corpus.record import raw_report, required

COLUMNS = Columns(study_id="id", subject_id="who", background=["why"], findings="f", impression="i")


def read(columns: Columns = COLUMNS, **record: object) -> RawReport:
    return raw_report(record, columns, "row-7", max_bytes=100)


def test_a_record_gives_its_sections() -> None:
    report = read(id=12, who=" 7\n8 ", why="Cough.", f="Clear.", i="Normal.")
    assert report == SectionedReport("12", "7 8", "Why: Cough.", "Clear.", "Normal.")


def test_absent_values_are_empty() -> None:
    assert read(id="1", f=None, i=float("nan")) == SectionedReport("1", "", "", "", "")


def test_a_record_without_an_id_column_is_named_by_its_place() -> None:
    report = read(Columns(findings="f", impression="i"), f="Clear.", i="Normal.")
    assert report == SectionedReport("row-7", "", "", "Clear.", "Normal.")


def test_a_whole_report_may_stand_in_one_column() -> None:
    columns = Columns(study_id="id", report="text")
    assert required(columns) == ["id", "text"]
    assert read(columns, id="1", text="FINDINGS: é") == WholeReport("1", "", "FINDINGS: é".encode())


def test_stray_bytes_are_mended_and_told() -> None:
    stray = b"caf\xe9".decode("utf-8", "surrogateescape")
    assert read(id=stray, f=stray, i="x") == SectionedReport("café", "", "", "café", "x", True)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"id": "1", "f": "x"}, Unreadable("1", Fault.MISSING_FIELD)),
        ({"id": "1", "f": ["x"], "i": "y"}, Unreadable("1", Fault.FIELD_NOT_TEXT)),
        ({"id": "1", "f": 3, "i": "y"}, Unreadable("1", Fault.FIELD_NOT_TEXT)),
        ({"id": "1", "f": "x" * 101, "i": "y"}, Unreadable("1", Fault.TOO_LARGE)),
        ({"id": "1", "f": "x\0", "i": "y"}, Unreadable("1", Fault.NOT_TEXT)),
        ({"id": " ", "f": "x", "i": "y"}, Unreadable("row-7", Fault.NO_STUDY_ID)),
        ({"f": "x", "i": "y"}, Unreadable("row-7", Fault.NO_STUDY_ID)),
        ({"id": "x" * 201, "f": "x", "i": "y"}, Unreadable("row-7", Fault.NO_STUDY_ID)),
        ({"id": {"a": 1}, "f": "x", "i": "y"}, Unreadable("row-7", Fault.NO_STUDY_ID)),
    ],
)
def test_a_bad_record_is_named_with_its_fault(
    record: dict[str, object], expected: Unreadable
) -> None:
    assert read(**record) == expected
