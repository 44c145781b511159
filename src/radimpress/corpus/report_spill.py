"""Clean reports set aside on disk until it is known which of them stay, and in which order."""

from collections.abc import Sequence
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
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

    Memory stays bounded: rows lie in an Arrow file that is mapped, not read, and only some are
    copied at a time.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._starts = [0]  # of the batches, and the end of the last
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
            self._starts.append(self._starts[-1] + len(rows))

    def write_parquet(self, path: Path, order: Sequence[int]) -> None:
        """Write the rows of those positions, in that order; nothing can be appended after."""
        self._writer.close()
        with (
            pa.memory_map(str(self._path)) as source,
            pq.ParquetWriter(path, _SCHEMA, compression="zstd") as target,
        ):
            batches, starts = pa.ipc.open_file(source), np.array(self._starts)
            for start in range(0, len(order), _ROWS):
                chosen = np.array(order[start : start + _ROWS])
                target.write_table(_taken(batches, starts, chosen))


def _taken(batches: Any, starts: Any, chosen: Any) -> pa.Table:
    """The rows at positions `chosen`, in that order, of the batches that begin at `starts`.

    Arrow's own `take` from a table of many batches first copies all of them into one.
    """
    by_place = np.argsort(chosen)
    places = chosen[by_place]
    bounds = np.searchsorted(places, starts)
    found = [
        batches.get_batch(number).take(pa.array(places[first:last] - starts[number]))
        for number, (first, last) in enumerate(pairwise(bounds.tolist()))
        if first < last
    ]
    return pa.Table.from_batches(found).combine_chunks().take(pa.array(np.argsort(by_place)))
