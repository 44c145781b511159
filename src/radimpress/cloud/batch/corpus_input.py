"""The reports of a batch: one Parquet or JSONL file of any length, read a shard at a time."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from radimpress.corpus.report import Report
from radimpress.runtime.errors import next_step

COLUMNS = ("study_id", "background", "findings")


@dataclass(frozen=True, slots=True)
class CorpusInput:
    """A file of reports: `findings` in every row, `study_id` and `background` where there are any.

    A row without a study id gets its number, from 1.
    """

    path: Path

    def shards(self, size: int) -> Iterator[list[Report]]:
        """The reports in order, `size` at a time: that many are in memory.

        Raises RadimpressError for a file or row that holds no findings column, never quoting it.
        """
        rows = self._parquet() if self.path.suffix == ".parquet" else self._jsonl()
        reports = self._reports(rows)
        while shard := list(islice(reports, size)):
            yield shard

    def _reports(self, rows: Iterable[tuple[int, Mapping[str, Any]]]) -> Iterator[Report]:
        for number, row in rows:
            if not isinstance(row.get("findings"), str):
                raise next_step(
                    f"row {number} of {self.path} has no text `findings`",
                    'give {"findings": "..."} a line, or a Parquet file with such a column',
                )
            study, background = str(row.get("study_id") or number), row.get("background") or ""
            yield Report(study, "", "", str(background), row["findings"], "")

    def _parquet(self) -> Iterator[tuple[int, Mapping[str, Any]]]:
        try:
            file = pq.ParquetFile(self.path)
        except (OSError, pa.ArrowInvalid) as error:
            raise next_step(f"{self.path} is no readable Parquet file", "give another") from error
        with file:
            known = [name for name in COLUMNS if name in file.schema_arrow.names]
            number = 0
            for batch in file.iter_batches(batch_size=1000, columns=known):
                for row in batch.to_pylist():
                    number += 1
                    yield number, row

    def _jsonl(self) -> Iterator[tuple[int, Mapping[str, Any]]]:
        try:
            lines = self.path.open(encoding="utf-8")
        except OSError as error:
            problem = f"{self.path} cannot be read ({error.strerror})"
            raise next_step(problem, "give an existing .parquet or .jsonl file") from error
        with lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield number, _object(line)


def _object(line: str) -> Mapping[str, Any]:
    try:
        row = json.loads(line)
    except ValueError:
        row = None
    return row if isinstance(row, dict) else {}
