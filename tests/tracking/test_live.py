from dataclasses import replace

import pytest

from radimpress.modeling.history import LogRecord
from radimpress.tracking.live import curve_metrics, training_run
from radimpress.tracking.names import SYSTEM
from radimpress.tracking.runs import find_runs


def logged(step, **measured):
    return LogRecord(step=step, epoch=0.0, **measured)


def test_what_was_not_measured_is_not_logged():
    assert curve_metrics(logged(3, train_loss=1.5, learning_rate=0.1)) == {
        "train/loss": 1.5,
        "train/learning_rate": 0.1,
    }


def test_curves_arrive_while_training_runs(config, store, experiment, tmp_path):
    with training_run(config, tmp_path) as log:
        log(logged(1, train_loss=2.0))
        (run,) = find_runs(store, experiment, {SYSTEM: "finetuned"})
        assert run.info.status == "RUNNING"
        assert run.data.metrics["train/loss"] == 2.0
        log(logged(2, validation_loss=1.0))
    (run,) = find_runs(store, experiment, {SYSTEM: "finetuned"})
    assert run.info.status == "FINISHED"
    assert run.data.params["model"] == "t5_tiny"
    assert run.data.tags["radimpress.code_version"]


@pytest.mark.parametrize(
    ("error", "status"), [(KeyboardInterrupt, "KILLED"), (ValueError, "FAILED")]
)
def test_a_stopped_training_closes_its_run(config, store, experiment, error, status, tmp_path):
    with pytest.raises(error), training_run(config, tmp_path):
        raise error
    (run,) = find_runs(store, experiment, {SYSTEM: "finetuned"})
    assert run.info.status == status


def test_a_training_that_resumes_goes_on_in_its_run(config, store, experiment, tmp_path):
    with pytest.raises(KeyboardInterrupt), training_run(config, tmp_path) as log:
        log(logged(1, train_loss=2.0))
        raise KeyboardInterrupt
    with training_run(config, tmp_path) as log:
        log(logged(1, train_loss=2.0))  # measured again, after the checkpoint before it
        log(logged(2, train_loss=1.0))
    (run,) = find_runs(store, experiment, {SYSTEM: "finetuned"})
    history = store.client.get_metric_history(run.info.run_id, "train/loss")
    assert [m.step for m in history] == [1, 2]


def test_a_job_that_reaches_the_store_keeps_the_run_with_the_lineage_it_was_sent(
    config, store, experiment, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("RADIMPRESS_RECORD_LINES", "1")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", store.uri)
    (tmp_path / "lineage.json").write_text('{"radimpress.git_commit": "sent"}')
    with training_run(config, tmp_path) as log:
        log(logged(1, train_loss=2.0))
    (run,) = find_runs(store, experiment, {SYSTEM: "finetuned"})
    assert run.data.metrics["train/loss"] == 2.0
    assert run.data.tags["radimpress.git_commit"] == "sent"
    assert capsys.readouterr().out.startswith("radimpress-record ")


def test_a_store_that_does_not_answer_does_not_stop_the_training(
    config, monkeypatch, capsys, tmp_path
):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    broken = replace(config, tracking=replace(config.tracking, uri="http://127.0.0.1:1"))
    with training_run(broken, tmp_path) as log:
        log(logged(1, train_loss=2.0))
    assert capsys.readouterr().err.count("MLflow does not answer") == 1
