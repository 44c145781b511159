import json

import pytest

from radimpress.cloud.batch.corpus_input import CorpusInput
from radimpress.corpus.report import Report, write_reports
from radimpress.runtime.errors import RadimpressError


def ids(shards):
    return [[report.study_id for report in shard] for shard in shards]


def test_lines_come_in_order_and_in_pieces(corpus):
    assert ids(CorpusInput(corpus).shards(4)) == [
        *(["s0", "s1", "s2", "s3"], ["s4", "s5", "s6", "s7"], ["s8", "s9"])
    ]


def test_a_table_of_the_pipeline_is_taken_without_its_references(tmp_path):
    rows = [Report(f"s{n}", "patient", "x", "cough", f"Clear {n}.", "SECRET") for n in range(3)]
    write_reports(tmp_path / "test.parquet", rows)
    ((first, *_),) = CorpusInput(tmp_path / "test.parquet").shards(5)
    assert first == Report("s0", "", "", "cough", "Clear 0.", "")


def test_rows_without_an_id_get_their_number(tmp_path):
    (tmp_path / "x.jsonl").write_text('{"findings": "a"}\n\n{"findings": "b"}\n')
    assert ids(CorpusInput(tmp_path / "x.jsonl").shards(9)) == [["1", "3"]]


def test_a_long_file_is_read_as_it_is_asked_for(tmp_path):
    path = tmp_path / "long.jsonl"
    path.write_text(json.dumps({"findings": "a"}) + "\n" + "no json\n")
    shards = CorpusInput(path).shards(1)
    assert len(next(shards)) == 1
    with pytest.raises(RadimpressError, match=r"row 2 of .*long.jsonl has no text `findings`"):
        next(shards)


def test_what_is_no_input_is_one_line(tmp_path):
    (tmp_path / "x.parquet").write_text("no table")
    with pytest.raises(RadimpressError, match="no readable Parquet"):
        list(CorpusInput(tmp_path / "x.parquet").shards(1))
    with pytest.raises(RadimpressError, match="gone.jsonl cannot be read"):
        list(CorpusInput(tmp_path / "gone.jsonl").shards(1))
