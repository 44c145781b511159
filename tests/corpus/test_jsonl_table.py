import gzip
import json
from pathlib import Path

import pytest

from radimpress.config.schema import Columns
from radimpress.corpus.jsonl_table import read_jsonl
from radimpress.corpus.raw import Fault, SectionedReport, Unreadable
from radimpress.runtime.errors import RadimpressError

COLUMNS = Columns(study_id="id", findings="f", impression="i")
GOOD = {"id": "1", "f": "Clear.", "i": "Normal."}


def test_objects_become_reports(tmp_path: Path) -> None:
    expected = [SectionedReport("1", "", "", "Clear.", "Normal.")] * 2
    text = f"{json.dumps(GOOD)}\n\n{json.dumps(GOOD)}".encode()
    (tmp_path / "a.jsonl").write_bytes(text)
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(text))
    for name in ("a.jsonl", "a.jsonl.gz"):
        assert list(read_jsonl(tmp_path / name, COLUMNS, 1000).reports) == expected


def test_bad_lines_are_named_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [
        b'{"id": "1", "f": ',
        b"[1]",
        b"[" * 4000,
        b'{"id": "9", "f": "x"}',
        b'{"id": "5", "f": "' + b"x" * 700_000 + b'", "i": "y"}',
        b'{"id": "6", "f": "caf\xe9", "i": "y\\ud800"}',
        b"\0\0",
        json.dumps(GOOD).encode(),
    ]
    path.write_bytes(b"\n".join(lines))
    assert list(read_jsonl(path, COLUMNS, 1000).reports) == [
        Unreadable("line-0000001", Fault.BAD_JSON),
        Unreadable("line-0000002", Fault.NO_OBJECT),
        Unreadable("line-0000003", Fault.BAD_JSON),
        Unreadable("9", Fault.MISSING_FIELD),
        Unreadable("line-0000005", Fault.TOO_LARGE),
        SectionedReport("6", "", "", "café", "y�", repaired=True),
        Unreadable("line-0000007", Fault.NOT_TEXT),
        SectionedReport("1", "", "", "Clear.", "Normal."),
    ]


def test_keys_that_no_object_has_are_refused_with_those_present(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": 1, "findings": "x", "impression": "y"}\n')
    with pytest.raises(
        RadimpressError,
        match=r"no object has all the keys \['id', 'f', 'i'\]; the first one has "
        r"\['id', 'findings', 'impression'\]; next: map them",
    ):
        list(read_jsonl(path, COLUMNS, 1000).reports)
