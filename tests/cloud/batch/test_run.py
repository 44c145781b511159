import json

import pyarrow.parquet as pq
import pytest

from radimpress.cloud.batch import job as jobs
from radimpress.cloud.batch import run, worker
from radimpress.cloud.batch.run import run_batch
from radimpress.cloud.storage import put_text
from radimpress.corpus.report import read_predictions
from radimpress.runtime.errors import RadimpressError

BUCKET = "radimpress-123456789012-us-east-1"
IDS = [f"s{n}" for n in range(10)]


def batch_keys(loop):
    found = loop.client("s3").list_objects_v2(Bucket=BUCKET, Prefix="batch/").get("Contents", [])
    return [each["Key"].split("/", 2)[2] for each in found]


def test_a_corpus_is_summarised_here_in_its_own_order(here, model_folder, corpus, tmp_path):
    out = tmp_path / "out.parquet"
    assert run_batch(here, model_folder, corpus, str(out), size=3) == 10
    predictions = read_predictions(out)
    assert [p.study_id for p in predictions] == IDS
    assert [bool(p.prediction) for p in predictions] == [n % 4 != 2 for n in range(10)]
    summary = json.loads((tmp_path / "out.parquet.summary.json").read_text())
    assert (summary["reports"], summary["shards"]) == (10, 4)
    assert not (tmp_path / "data/batch" / summary["key"]).exists()


def test_a_batch_that_is_done_is_not_done_again(here, model_folder, corpus, tmp_path, monkeypatch):
    out = tmp_path / "out.parquet"
    run_batch(here, model_folder, corpus, str(out), size=3)
    monkeypatch.setattr(worker, "Summarizer", None)
    assert run_batch(here, model_folder, corpus, str(out), size=3) == 0
    out.unlink()
    with pytest.raises(AttributeError):
        run_batch(here, model_folder, corpus, str(out), size=3)


def test_after_an_interruption_only_missing_shards_are_written(
    here, model_folder, corpus, tmp_path, monkeypatch
):
    whole, out = tmp_path / "whole.parquet", tmp_path / "out.parquet"
    run_batch(here, model_folder, corpus, str(whole), size=3)
    left, write = [2], worker.write_predictions

    def two_only(path, predictions):
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        write(path, predictions)

    monkeypatch.setattr(worker, "write_predictions", two_only)
    with pytest.raises(KeyboardInterrupt):
        run_batch(here, model_folder, corpus, str(out), size=3)
    assert not out.exists()
    left[0] = 2
    assert run_batch(here, model_folder, corpus, str(out), size=3) == 10
    assert left[0] == 0, "four shards in all, two of them kept"
    assert pq.read_table(out).equals(pq.read_table(whole))


@pytest.mark.rehearsal
@pytest.mark.slow
def test_machines_write_what_this_one_does_and_leave_nothing(
    here, there, model_folder, corpus, tmp_path, loopback, capfd
):
    run_batch(here, model_folder, corpus, str(tmp_path / "here.parquet"), size=3)
    run_batch(there, model_folder, corpus, str(tmp_path / "there.parquet"), size=3, machines=2)
    assert pq.read_table(tmp_path / "there.parquet").equals(
        pq.read_table(tmp_path / "here.parquet")
    )
    assert batch_keys(loopback) == []
    said = capfd.readouterr().err
    assert "10 reports on 2 x ml.m5.large: about 0.1 hours" in said
    (job,) = loopback.client("sagemaker").list_processing_jobs()["ProcessingJobSummaries"]
    assert job["ProcessingJobStatus"] == "Completed"


def test_a_batch_above_its_ceiling_is_not_started(there, model_folder, corpus, tmp_path, loopback):
    there.compute.job.max_cost_usd = 0.001
    with pytest.raises(RadimpressError, match=r"not started: 10 reports on 2 x ml.m5.large"):
        run_batch(there, model_folder, corpus, str(tmp_path / "out.parquet"), size=3, machines=2)
    assert loopback.client("sagemaker").list_processing_jobs()["ProcessingJobSummaries"] == []


def test_nothing_to_summarise_is_one_line(here, model_folder, tmp_path, monkeypatch):
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    with pytest.raises(RadimpressError, match="gone.jsonl is missing"):
        run_batch(here, model_folder, tmp_path / "gone.jsonl", str(tmp_path / "o.parquet"))
    (tmp_path / "empty.jsonl").write_text("\n")
    with pytest.raises(RadimpressError, match="empty.jsonl holds no report"):
        run_batch(here, model_folder, tmp_path / "empty.jsonl", str(tmp_path / "o.parquet"))


def test_what_a_killed_process_left_in_s3_goes_when_the_batch_is_done(
    here, there, model_folder, corpus, tmp_path, loopback
):
    out = tmp_path / "out.parquet"
    run_batch(here, model_folder, corpus, str(out), size=3)
    key = json.loads((tmp_path / "out.parquet.summary.json").read_text())["key"]
    there.generation = here.generation
    there.compute.device, there.compute.precision = here.compute.device, here.compute.precision
    left = f"batch/{key}/input/000000-a.parquet"
    loopback.client("s3").put_object(Bucket=BUCKET, Key=left, Body=b"reports")
    assert run_batch(there, model_folder, corpus, str(out), size=3) == 0
    assert batch_keys(loopback) == []


def test_a_batch_that_somebody_stopped_is_not_answered_with_another_job(
    there, model_folder, corpus, tmp_path, monkeypatch, loopback
):
    started = []

    def start(session, config, key, attempt, *_):
        started.append(attempt)
        return jobs.BatchJob(f"radimpress-batch-x-{attempt}", attempt, "Stopped", "", 0.1)

    def finish_one(session, config, store, job, shards):
        put_text(session, "done", f"{store.output}{shards[0].name}")
        return job

    monkeypatch.setattr(jobs, "start", start)
    monkeypatch.setattr(run, "_followed", finish_one)
    with pytest.raises(RadimpressError, match="x-1 was stopped; 3 of 4 shards are missing"):
        run_batch(there, model_folder, corpus, str(tmp_path / "out.parquet"), size=3)
    assert started == [1]
