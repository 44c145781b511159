from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from radimpress.corpus.report import Report, ReportRow, read_reports, write_reports
from radimpress.corpus.report_spill import ReportSpill, report_batch


def row(number: int) -> ReportRow:
    return (str(number), "é", "source", "", "Clear.", "Normal.")


def test_rows_are_written_in_the_order_asked_for(tmp_path: Path) -> None:
    out = tmp_path / "reports.parquet"
    with ReportSpill(tmp_path / "spill") as spill:
        spill.append(report_batch([row(0), row(1)]))
        spill.append(report_batch([]))
        spill.append(report_batch([row(2)]))
        spill.write_parquet(out, [2, 0])
    assert read_reports(out) == [Report(*row(2)), Report(*row(0))]
    assert [path.name for path in tmp_path.iterdir()] == ["reports.parquet"]


@pytest.mark.parametrize(
    "order",
    [
        range(20_000),
        range(19_999, -1, -1),
        range(7, 20_000, 300),
        Random(1).sample(range(20_000), 15_000),
    ],
    ids=["as they came", "backwards", "few", "mixed"],
)
def test_many_rows_are_written_in_pieces(tmp_path: Path, order: Sequence[int]) -> None:
    out = tmp_path / "reports.parquet"
    with ReportSpill(tmp_path / "spill") as spill:
        for start in range(0, 20_000, 256):
            spill.append(report_batch([row(n) for n in range(start, min(start + 256, 20_000))]))
        spill.write_parquet(out, order)
    assert [int(each.study_id) for each in read_reports(out)] == list(order)


def test_the_file_is_such_as_write_reports_writes(tmp_path: Path) -> None:
    with ReportSpill(tmp_path / "spill") as spill:
        spill.append(report_batch([row(1)]))
        spill.write_parquet(tmp_path / "a.parquet", [0])
    write_reports(tmp_path / "b.parquet", [Report(*row(1))])
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_what_was_set_aside_is_gone_after_an_error(tmp_path: Path) -> None:
    def fail() -> None:
        with ReportSpill(tmp_path / "spill") as spill:
            spill.append(report_batch([row(1)]))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert list(tmp_path.iterdir()) == []
