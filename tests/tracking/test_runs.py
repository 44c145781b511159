from dataclasses import replace

import pytest

from radimpress.tracking.names import KEY, TRAINING_KEY
from radimpress.tracking.runs import Point, RunRecord, ensure_run, find_runs


@pytest.fixture
def record(tmp_path):
    path = tmp_path / "scores.txt"
    path.write_text("scores")
    return RunRecord(
        system="finetuned",
        name="finetuned t5_tiny abc",
        key="abc",
        params={"seed": "1"},
        metrics={"test/rougeL": 0.9},
        tags={"radimpress.git_commit": "c0ffee"},
        note="a note",
        datasets={"train": "md5a", "test": "md5b"},
        curves=(Point("val/loss", 2.0, 1), Point("val/loss", 1.0, 2)),
        artifacts=((path, "scores"),),
        texts={"lineage/params.yaml": "seed: 1\n"},
        tables={"examples.json": {"study_id": ["1"], "impression": ["x"]}},
        training_key="train",
    )


def test_a_record_becomes_one_finished_run(store, experiment, record):
    run = store.client.get_run(ensure_run(store, experiment, record))
    assert run.info.run_name == "finetuned t5_tiny abc"
    assert run.info.status == "FINISHED"
    assert run.data.params == {"seed": "1"}
    assert run.data.metrics["test/rougeL"] == 0.9
    assert run.data.tags["radimpress.git_commit"] == "c0ffee"
    assert run.data.tags["mlflow.note.content"] == "a note"
    assert {(d.dataset.name, d.dataset.digest) for d in run.inputs.dataset_inputs} == {
        ("train", "md5a"),
        ("test", "md5b"),
    }
    curve = store.client.get_metric_history(run.info.run_id, "val/loss")
    assert [(m.step, m.value) for m in curve] == [(1, 2.0), (2, 1.0)]
    names = {a.path for a in store.client.list_artifacts(run.info.run_id)}
    assert {"scores", "examples.json"} <= names
    kept = store.client.list_artifacts(run.info.run_id, "lineage")
    assert [(a.path, a.file_size) for a in kept] == [("lineage/params.yaml", 8)]


def test_the_same_record_twice_is_the_same_run(store, experiment, record):
    first = ensure_run(store, experiment, record)
    assert ensure_run(store, experiment, record) == first
    assert ensure_run(store, experiment, replace(record, key="other")) != first


def test_a_run_of_uncommitted_changes_takes_the_lineage_of_their_commit(store, experiment, record):
    before = {**record.tags, "radimpress.git_dirty": "true", "radimpress.git_commit": "before"}
    after = {**before, "radimpress.git_dirty": "false", "radimpress.git_commit": "after"}
    run = ensure_run(store, experiment, replace(record, tags=before))
    assert ensure_run(store, experiment, replace(record, tags=after, texts={"a.txt": "new"})) == run
    assert ensure_run(store, experiment, replace(record, tags=before)) == run
    assert store.client.get_run(run).data.tags["radimpress.git_commit"] == "after"
    assert "a.txt" in [file.path for file in store.client.list_artifacts(run)]


def test_a_half_written_run_is_written_again(store, experiment, record):
    killed = store.client.create_run(experiment, tags={KEY: "abc"}).info.run_id
    written = ensure_run(store, experiment, record)
    assert written != killed
    assert [r.info.run_id for r in find_runs(store, experiment, {KEY: "abc"})] == [written]


def test_the_live_run_of_the_training_is_taken_over_with_its_own_curve(store, experiment, record):
    live = store.client.create_run(experiment, tags={TRAINING_KEY: "train"}).info.run_id
    store.client.log_metric(live, "val/loss", 1.5, step=1)
    store.client.set_terminated(live)
    assert ensure_run(store, experiment, record) == live
    assert [m.value for m in store.client.get_metric_history(live, "val/loss")] == [1.5]


def test_a_live_run_that_holds_another_record_is_left_alone(store, experiment, record):
    first = ensure_run(store, experiment, record)
    second = ensure_run(store, experiment, replace(record, key="beams"))
    assert first != second
    assert len(store.client.get_metric_history(second, "val/loss")) == 2


def test_more_metrics_than_one_request_takes(store, experiment, record):
    many = {f"test/m{i}": float(i) for i in range(1500)}
    run = ensure_run(store, experiment, replace(record, metrics=many))
    assert store.client.get_run(run).data.metrics.keys() >= many.keys()
