"""Results as partitioned Parquet: metrics with intervals, and scores per report without its id."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from radimpress.runtime.atomic import whole_folder
from radimpress.runtime.errors import next_step

METRICS = pa.schema(
    [
        ("system", pa.string()),
        ("split", pa.string()),
        ("slice", pa.string()),
        ("metric", pa.string()),
        ("value", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("reports", pa.int64()),
    ]
)
"""One row a system, split, slice and metric, as in reports/metrics.json."""

SCORED = (
    "rouge1",
    "rouge2",
    "rougeL",
    "hallucination_rate",
    "omission_rate",
    "contradiction_rate",
    "side_flip_rate",
    "length_ratio",
)
SCORES = pa.schema(
    [("system", pa.string()), ("split", pa.string()), *((name, pa.float64()) for name in SCORED)]
)
"""One row a system and report. No study id: a score must not lead back to a patient."""

TABLES = {"metrics": METRICS, "scores": SCORES}
PARTITION = "run"  # a folder run=<name>, so that runs can be compared


def write_tables(reports: Path, run: str, out: Path) -> dict[str, int]:
    """Write `out`/<table>/run=<run>/part.parquet from the `reports` folder; rows by table.

    Raises RadimpressError where the pipeline has not been evaluated.
    """
    metrics = reports / "metrics.json"
    if not metrics.is_file():
        raise next_step(f"{metrics} is missing", "run `dvc repro evaluate`")
    rows = {
        "metrics": pa.Table.from_pylist(list(_metric_rows(metrics)), METRICS),
        "scores": _scores(reports / "scores"),
    }
    with whole_folder(out) as folder:
        for name, table in rows.items():
            part = folder / name / f"{PARTITION}={run}" / "part.parquet"
            part.parent.mkdir(parents=True)
            pq.write_table(table, part, compression="snappy")
    return {name: table.num_rows for name, table in rows.items()}


def _metric_rows(path: Path) -> Iterator[dict[str, Any]]:
    systems = json.loads(path.read_text(encoding="utf-8"))["systems"]
    for system, splits in systems.items():
        for split, slices in splits.items():
            for part, metrics in slices.items():
                for metric, found in metrics.items():
                    yield {
                        "system": system,
                        "split": split,
                        "slice": part,
                        "metric": metric,
                        "value": found["value"],
                        "low": found["low"],
                        "high": found["high"],
                        "reports": found["n"],
                    }


def _scores(folder: Path) -> pa.Table:
    """Rows sorted by their scores: their order in the split would name the reports."""
    parts = []
    for path in sorted(folder.glob("*/*.parquet")):
        columns = pq.read_table(path, columns=list(SCORED))
        parts.append(
            pa.table(
                {
                    "system": [path.parent.name] * columns.num_rows,
                    "split": [path.stem] * columns.num_rows,
                    **{name: columns[name] for name in SCORED},
                },
                schema=SCORES,
            ).sort_by([(name, "ascending") for name in SCORED])
        )
    return pa.concat_tables(parts) if parts else SCORES.empty_table()
