import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from radimpress.cloud.dashboard.tables import METRICS, SCORED, SCORES, write_tables
from radimpress.runtime.errors import RadimpressError


@pytest.fixture
def reports(tmp_path):
    folder = tmp_path / "reports"
    interval = {"value": 0.5, "low": 0.4, "high": 0.6, "n": 3}
    every = {"finetuned": {"test": {"all": {"rougeL": interval, "rouge1": interval}}}}
    (folder / "scores/finetuned").mkdir(parents=True)
    (folder / "metrics.json").write_text(json.dumps({"systems": every}))
    scores = {name: [0.3, 0.1, 0.2] for name in SCORED} | {"study_id": ["s1", "s2", "s3"]}
    pq.write_table(pa.table(scores), folder / "scores/finetuned/test.parquet")
    return folder


def test_metrics_become_rows_with_their_intervals(reports, tmp_path):
    assert write_tables(reports, "r1", tmp_path / "out") == {"metrics": 2, "scores": 3}
    path = tmp_path / "out/metrics/run=r1/part.parquet"
    table = pq.ParquetFile(path).read()
    assert table.schema.equals(METRICS)
    assert table.to_pylist()[0] == {
        "system": "finetuned",
        "split": "test",
        "slice": "all",
        "metric": "rougeL",
        "value": 0.5,
        "low": 0.4,
        "high": 0.6,
        "reports": 3,
    }


def test_scores_of_reports_lead_back_to_no_report(reports, tmp_path):
    write_tables(reports, "r1", tmp_path / "out")
    path = tmp_path / "out/scores/run=r1/part.parquet"
    table = pq.ParquetFile(path).read()
    assert table.schema.equals(SCORES)
    assert "study_id" not in table.column_names
    assert table["rougeL"].to_pylist() == [0.1, 0.2, 0.3], "sorted: not in the order of the split"
    assert b"s1" not in path.read_bytes()


def test_without_an_evaluation_the_next_step_is_named(tmp_path):
    with pytest.raises(RadimpressError, match="run `dvc repro evaluate`"):
        write_tables(tmp_path, "r1", tmp_path / "out")
