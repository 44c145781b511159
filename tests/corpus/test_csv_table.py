import csv
import gzip
from pathlib import Path

import pytest

from radimpress.config.schema import Columns
from radimpress.corpus.csv_table import read_csv
from radimpress.corpus.raw import Fault, SectionedReport, Unreadable
from radimpress.runtime.errors import RadimpressError

COLUMNS = Columns(
    study_id="uid", background=["indication"], findings="findings", impression="impression"
)
TABLE = 'uid,extra,indication,findings,impression\n1,x,Cough.,"Clear,\nboth.",Normal.\n'


def test_rows_become_reports_by_the_named_columns(tmp_path: Path) -> None:
    expected = [SectionedReport("1", "", "Indication: Cough.", "Clear,\nboth.", "Normal.")]
    plain, zipped = tmp_path / "a.csv", tmp_path / "a.csv.gz"
    plain.write_bytes(b"\xef\xbb\xbf" + TABLE.encode())
    zipped.write_bytes(gzip.compress(TABLE.encode()))
    assert list(read_csv(plain, COLUMNS, 1000).reports) == expected
    assert list(read_csv(zipped, COLUMNS, 1000).reports) == expected


def test_bad_rows_are_named_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(
        b"uid,indication,findings,impression\n"
        b"1,a,b\n\n2,a,b,c,d\n,a,b,c\n4,a," + b"x" * 2_000_000 + b",c\n5,a,caf\xe9,c\n"
    )
    assert list(read_csv(path, COLUMNS, 1_000_000).reports) == [
        Unreadable("row-0000001", Fault.FIELD_COUNT),
        Unreadable("row-0000003", Fault.FIELD_COUNT),
        Unreadable("row-0000004", Fault.NO_STUDY_ID),
        Unreadable("4", Fault.TOO_LARGE),
        SectionedReport("5", "", "Indication: a", "café", "c", repaired=True),
    ]


def test_missing_columns_are_refused_with_those_present(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("uid,Findings,text\n1,a,b\n")
    with pytest.raises(
        RadimpressError,
        match=r"lacks the columns \['findings', 'impression', 'indication'\]; it has "
        r"\['uid', 'Findings', 'text'\]; next: map them with data\.columns\.findings",
    ):
        list(read_csv(path, COLUMNS, 1000).reports)


def test_a_quotation_mark_that_never_closes_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("radimpress.corpus.csv_table._FIELD_LIMIT", 1000)
    path = tmp_path / "a.csv"
    path.write_text('uid,indication,findings,impression\n1,a,"b,c\n' + "2,a,b,c\n" * 1000)
    before = csv.field_size_limit()
    with pytest.raises(RadimpressError, match=r"no valid CSV near line \d+.*never closed"):
        list(read_csv(path, COLUMNS, 1000).reports)
    assert csv.field_size_limit() == before


def test_a_table_without_header_is_refused_without_showing_its_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("50414267,p10000032,The lungs are clear.,No acute disease.\n")
    with pytest.raises(RadimpressError, match="it has 4 that look like data, not names") as caught:
        list(read_csv(path, COLUMNS, 1000).reports)
    assert "lungs" not in str(caught.value)
    assert "10000032" not in str(caught.value)
