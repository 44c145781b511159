"""Numbers per report survive the way to disk and back."""

import numpy as np
import pyarrow.parquet as pq
import pytest

from radimpress.metrics.comparison import compare
from radimpress.metrics.score import ScoredPair, Settings, score
from radimpress.metrics.significance import Resampling
from radimpress.report.score_table import read_scores, write_scores
from radimpress.runtime.errors import RadimpressError

RESAMPLING = Resampling(samples=50)
PAIRS = [
    ScoredPair("s1", "The lungs are clear.", "No acute disease.", "Clear lungs."),
    ScoredPair("s2", "Left effusion.", "Left effusion.", "Right effusion."),
]


def test_what_was_written_compares_as_it_did_before(tmp_path):
    scores = score(PAIRS, Settings(RESAMPLING))
    write_scores(tmp_path / "s.parquet", scores)
    studies, columns = read_scores(tmp_path / "s.parquet")
    assert studies == ["s1", "s2"]
    other = score([PAIRS[0], PAIRS[0]], Settings(RESAMPLING)).columns
    assert compare(columns, other, RESAMPLING) == compare(scores.columns, other, RESAMPLING)


def test_there_is_a_column_a_metric_and_no_text(tmp_path):
    write_scores(tmp_path / "s.parquet", score(PAIRS, Settings(RESAMPLING)))
    table = pq.read_table(tmp_path / "s.parquet")
    assert {"study_id", "rougeL", "clinical_f1_micro", "length_ratio"} <= set(table.column_names)
    texts = [name for name in table.column_names if str(table.schema.field(name).type) == "string"]
    assert texts == ["study_id"]


def test_what_nobody_knows_is_null_and_reads_back_as_nan(tmp_path):
    write_scores(tmp_path / "s.parquet", score(PAIRS, Settings(RESAMPLING)))
    assert pq.read_table(tmp_path / "s.parquet")["truncation_rate"].to_pylist() == [None, None]
    assert np.isnan(read_scores(tmp_path / "s.parquet")[1]["truncation_rate"]).all()


def test_equal_scores_are_equal_bytes(tmp_path):
    for name in ("a", "b"):
        write_scores(tmp_path / name, score(PAIRS, Settings(RESAMPLING)))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("content", [None, b"no parquet"])
def test_a_missing_or_other_file_is_one_clear_line(tmp_path, content):
    path = tmp_path / "s.parquet"
    if content:
        path.write_bytes(content)
    with pytest.raises(RadimpressError, match=r"s\.parquet is .*next: run `dvc repro"):
        read_scores(path)
