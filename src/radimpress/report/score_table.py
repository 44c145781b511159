"""reports/scores: numbers per report as Parquet, without text.

A column a metric (null where it says nothing of one report), and behind them the counts that
ratio metrics are made of, so that systems of two runs can be compared exactly as within one run.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from radimpress.metrics.catalogue import Columns
from radimpress.metrics.score import Scores
from radimpress.metrics.significance import Array
from radimpress.runtime.atomic import whole_file
from radimpress.runtime.errors import next_step

STUDY = "study_id"


def write_scores(path: Path, scores: Scores) -> None:
    """Write one row a report in the order of the split, the same bytes for the same scores."""
    numbers = {**scores.per_report(), **scores.columns}
    table = pa.table(
        {STUDY: pa.array(scores.study_ids, pa.string())}
        | {name: _column(values) for name, values in numbers.items()}
    )
    with whole_file(path) as temporary:
        pq.write_table(table, temporary, compression="zstd")


def read_scores(path: Path) -> tuple[list[str], Columns]:
    """Study ids and columns, ready for `radimpress.metrics.comparison.compare`.

    Raises RadimpressError for a missing or other file.
    """
    try:
        table = pq.read_table(path)
    except FileNotFoundError as error:
        raise next_step(f"{path} is missing", "run `dvc repro evaluate`") from error
    except pa.ArrowInvalid as error:
        raise next_step(f"{path} is no Parquet file", "run `dvc repro -f evaluate`") from error
    if STUDY not in table.column_names:
        raise next_step(f"{path} holds no scores by study", "run `dvc repro -f evaluate`")
    columns: dict[str, Array] = {
        name: np.array(table[name].to_pylist(), dtype=np.float64)
        for name in table.column_names
        if name != STUDY
    }
    return [str(study) for study in table[STUDY].to_pylist()], columns


def _column(values: Array) -> pa.Array:
    return pa.array(values, pa.float64(), from_pandas=True)  # NaN becomes null
