import json

import pytest

from radimpress.cloud.batch.gathering import gather, is_done
from radimpress.cloud.batch.store import LocalStore
from radimpress.cloud.batch.work import Shard
from radimpress.corpus.report import Prediction, Report, read_predictions, write_predictions
from radimpress.runtime.errors import RadimpressError

BUCKET = "radimpress-123456789012-us-east-1"
ALL = [Prediction(f"s{n}", f"Clear {n}.") for n in range(5)]
FACTS = {"key": "k"}


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    return LocalStore("key")


@pytest.fixture
def shards(store):
    made = []
    for number, rows in enumerate((ALL[:3], ALL[3:])):
        reports = [Report(row.study_id, "", "", "", "x", "") for row in rows]
        made.append(Shard.of(number, reports, f"{9 - number}" * 12))
        write_predictions(store.output / made[-1].name, rows)
    return made


def test_one_file_holds_all_in_order(store, shards, tmp_path):
    assert gather(None, store, shards, str(tmp_path / "out.parquet"), FACTS) == 5
    assert read_predictions(tmp_path / "out.parquet") == ALL
    gather(None, store, shards, str(tmp_path / "out.jsonl"), FACTS)
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert lines[4] == {"study_id": "s4", "impression": "Clear 4."}


def test_a_folder_gets_a_file_a_shard_and_a_summary(store, shards, tmp_path):
    gather(None, store, shards, str(tmp_path / "out"), FACTS)
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["part-000000.parquet", "part-000001.parquet", "summary.json"]
    summary = json.loads((tmp_path / "out/summary.json").read_text())
    assert summary == {"key": "k", "reports": 5, "shards": 2}


def test_a_folder_in_s3_too(store, shards, session):
    gather(session, store, shards, f"s3://{BUCKET}/results/", FACTS)
    listed = session.client("s3").list_objects_v2(Bucket=BUCKET, Prefix="results/")["Contents"]
    assert [each["Key"] for each in listed] == [
        *("results/part-000000.parquet", "results/part-000001.parquet", "results/summary.json")
    ]
    assert is_done(session, f"s3://{BUCKET}/results/", "k")
    assert not is_done(session, f"s3://{BUCKET}/results/", "another")


@pytest.mark.parametrize("place", ["here", "in S3"])
def test_parts_of_a_longer_batch_are_never_mixed_in(store, shards, session, tmp_path, place):
    output = str(tmp_path / "out") if place == "here" else f"s3://{BUCKET}/longer"
    if place == "here":
        (tmp_path / "out").mkdir()
        (tmp_path / "out/part-000002.parquet").write_bytes(b"old")
    else:
        session.client("s3").put_object(Bucket=BUCKET, Key="longer/part-000002.parquet", Body=b"")
    with pytest.raises(RadimpressError, match="holds part 2 of another batch; this one has 2"):
        gather(session, store, shards, output, FACTS)
    assert len(store.finished()) == 2, "nothing has to be computed again"


def test_what_is_whole_is_known_by_its_key(store, shards, tmp_path):
    out = str(tmp_path / "out.parquet")
    assert not is_done(None, out, "k")
    gather(None, store, shards, out, FACTS)
    assert is_done(None, out, "k")
    assert not is_done(None, out, "another")
    (tmp_path / "out.parquet").unlink()
    assert not is_done(None, out, "k")


@pytest.mark.parametrize("wrong", [ALL[:2], ALL[2:5], [ALL[1], ALL[0], ALL[2]]])
def test_a_shard_that_lost_or_mixed_up_reports_is_refused(store, shards, tmp_path, wrong):
    write_predictions(store.output / shards[0].name, wrong)
    with pytest.raises(RadimpressError, match="for other reports than the 3 of its input"):
        gather(None, store, shards, str(tmp_path / "out.parquet"), FACTS)
    assert not (tmp_path / "out.parquet").exists()
