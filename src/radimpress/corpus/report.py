"""One cleaned report, and the Parquet tables that carry it from stage to stage."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from radimpress.runtime.atomic import whole_file
from radimpress.runtime.errors import next_step


@dataclass(frozen=True, slots=True)
class Report:
    """A study's report; all text is stripped, single-spaced, and free of line breaks.

    `subject_id` is "" where the corpus has none; `source` names the corpus it came from.
    """

    study_id: str
    subject_id: str
    source: str
    background: str
    findings: str
    impression: str


ReportRow = tuple[str, str, str, str, str, str]
"""The values of a Report in their order, where making hundreds of thousands of them takes time."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What one system wrote for one report.

    `truncated`: generation stopped at the length limit; `clipped`: the prompt did not fit and the
    end of the findings was not read.
    """

    study_id: str
    prediction: str
    truncated: bool = False
    clipped: bool = False


def write_reports(path: str | Path, reports: Iterable[Report]) -> None:
    """Write reports in the given order, the same bytes for the same reports."""
    _write(path, Report, list(reports))


def read_reports(path: str | Path) -> list[Report]:
    """Read what `write_reports` wrote. Raises RadimpressError for a missing or other file."""
    return [Report(**row) for row in _rows(path, Report)]


def write_predictions(path: str | Path, predictions: Iterable[Prediction]) -> None:
    """Write predictions in the given order, the same bytes for the same predictions."""
    _write(path, Prediction, list(predictions))


def read_predictions(path: str | Path) -> list[Prediction]:
    """Read what `write_predictions` wrote. Raises RadimpressError for a missing or other file."""
    return [Prediction(**row) for row in _rows(path, Prediction)]


def _schema(kind: type) -> pa.Schema:
    arrow: dict[Any, pa.DataType] = {str: pa.string(), bool: pa.bool_()}
    return pa.schema([pa.field(f.name, arrow[f.type], nullable=False) for f in fields(kind)])


def _write(path: str | Path, kind: type, rows: Sequence[Report] | Sequence[Prediction]) -> None:
    table = pa.Table.from_pylist([asdict(row) for row in rows], schema=_schema(kind))
    with whole_file(path) as temporary:
        pq.write_table(table, temporary, compression="zstd")


def _rows(path: str | Path, kind: type) -> list[dict[str, Any]]:
    names = [f.name for f in fields(kind)]
    try:
        table = pq.read_table(path)
    except FileNotFoundError as error:
        raise next_step(f"{path} is missing", "run `dvc repro`") from error
    except pa.ArrowInvalid as error:
        raise next_step(f"{path} is no Parquet file", "run `dvc repro --force`") from error
    if missing := [name for name in names if name not in table.column_names]:
        raise next_step(f"{path} lacks the columns {missing}", "run `dvc repro --force`")
    return list(table.select(names).to_pylist())
