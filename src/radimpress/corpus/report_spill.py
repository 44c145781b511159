"""Clean reports set aside on disk until it is known which of them stay, and in which order."""

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from radimpress.corpus.report import Report, ReportRow

_SCHEMA = pa.schema([pa.field(f.name, pa.string(), nullable=False) for f in fields(Report)])
_ROWS = 8192  # rows gathered and written at a time: a few MB


def report_batch(rows: Sequence[ReportRow]) -> pa.RecordBatch:
    """Reports as columns."""
    columns = zip(*rows, strict=True) if rows else [()] * len(_SCHEMA)
    arrays = [pa.array(column, pa.string()) for column in columns]
    return pa.RecordBatch.from_arrays(arrays, schema=_SCHEMA)


class ReportSpill:
    """Rows appended as they come, then written to Parquet in any order.

    Memory stays bounded: rows lie in an Arrow file that is mapped, not read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: Any = pa.ipc.new_file(str(path), _SCHEMA)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._writer.close()
        self._path.unlink(missing_ok=True)

    def append(self, rows: pa.RecordBatch) -> None:
        """Set `rows` (of `report_batch`) aside behind those before."""
        if len(rows):
            self._writer.write_batch(rows)

    def write_parquet(self, path: Path, order: Sequence[int]) -> None:
        """Write the rows of those positions, in that order; nothing can be appended after."""
        self._writer.close()
        with (
            pa.memory_map(str(self._path)) as source,
            pq.ParquetWriter(path, _SCHEMA, compression="zstd") as target,
        ):
            rows = pa.ipc.open_file(source).read_all()
            for start in range(0, len(order), _ROWS):
                target.write_table(rows.take(list(order[start : start + _ROWS])))
