"""CSV tables of reports: .csv or .csv.gz with a header row, a row a report."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from radimpress.config.schema import Columns
from radimpress.corpus.chunk import chunked
from radimpress.corpus.raw import Fault, RawReport, RawReports, Unreadable
from radimpress.corpus.record import raw_report, required
from radimpress.corpus.table_file import open_table, shown_names
from radimpress.runtime.errors import next_step

_FIELD_LIMIT = 64 * 2**20  # an unclosed quote swallows the rest of a file: stop here


def read_csv(path: Path, columns: Columns, max_bytes: int) -> RawReports:
    """Reports of the CSV at `path`, whose columns `columns` names.

    Raises RadimpressError, while it is read, for a missing column or a file that is no CSV.
    """
    return RawReports(chunked(_reports(path, columns, max_bytes)))


def _reports(path: Path, columns: Columns, max_bytes: int) -> Iterator[RawReport]:
    with open_table(path) as stream, _long_fields():
        # Bytes that are not UTF-8 survive as surrogates, to be mended field by field.
        text = io.TextIOWrapper(stream, "utf-8-sig", errors="surrogateescape", newline="")
        rows = csv.reader(text)
        try:
            header = next(rows, [])
            _require_columns(path, header, columns)
            for number, row in enumerate(rows, 1):
                if row:  # a blank line is no row
                    yield _report(header, row, columns, f"row-{number:07d}", max_bytes)
        except csv.Error as error:
            raise next_step(
                f"{path} is no valid CSV near line {rows.line_num:,}: {error}",
                "look for a quotation mark that is never closed, or export it again",
            ) from error


def _report(
    header: list[str], row: list[str], columns: Columns, place: str, max_bytes: int
) -> RawReport:
    if len(row) != len(header):
        return Unreadable(place, Fault.FIELD_COUNT)  # which cell is the id is then unknown
    return raw_report(dict(zip(header, row, strict=True)), columns, place, max_bytes)


def _require_columns(path: Path, header: list[str], columns: Columns) -> None:
    wanted = [*required(columns), *columns.background]
    wanted += [columns.subject_id] if columns.subject_id else []
    if missing := [name for name in wanted if name not in header]:
        raise next_step(
            f"{path} lacks the columns {missing}; it has {shown_names(header)}",
            "map them with data.columns.findings=..., data.columns.impression=... (null for none)",
        )


@contextmanager
def _long_fields() -> Iterator[None]:
    before = csv.field_size_limit(_FIELD_LIMIT)
    try:
        yield
    finally:
        csv.field_size_limit(before)
