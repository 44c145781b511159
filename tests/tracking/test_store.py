import os
import subprocess
import sys

import pytest

from radimpress.config.schema import Tracking
from radimpress.runtime.errors import RadimpressError
from radimpress.tracking.store import open_store, redacted, shared_uri, tracking_uri

OPEN = """
from radimpress.config.schema import Tracking
from radimpress.tracking.store import open_store
store = open_store(Tracking(experiment="shared", registered_model="m"))
print(store.experiment("shared", "note"))
"""


def test_the_uri_is_the_configured_one_then_the_environment_then_the_repository(
    monkeypatch, tmp_path
):
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://team:5000")
    assert tracking_uri(Tracking(uri="http://mine:1")) == "http://mine:1"
    assert tracking_uri(Tracking()) == "http://team:5000"
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    assert tracking_uri(Tracking()) == f"sqlite:///{tmp_path}/mlruns/mlflow.db"


def test_an_experiment_keeps_its_artifacts_below_the_repository(store, store_root):
    identity = store.experiment("a corpus", "which way is better")
    found = store.client.get_experiment(identity)
    assert found.artifact_location == f"{store_root}/mlruns/artifacts/a corpus"
    assert found.tags["mlflow.note.content"] == "which way is better"
    assert store.experiment("a corpus", "another note") == identity
    assert store.client.get_experiment(identity).tags["mlflow.note.content"] == "another note"


def test_a_deleted_experiment_says_how_to_restore_it(store):
    store.client.delete_experiment(store.experiment("gone", "note"))
    with pytest.raises(RadimpressError, match="'gone' was deleted; next: restore it"):
        store.experiment("gone", "note")


def test_a_store_that_does_not_answer_is_one_line(monkeypatch):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with pytest.raises(RadimpressError, match="http://127.0.0.1:1 does not answer") as caught:
        open_store(Tracking(uri="http://user:secret@127.0.0.1:1"))
    assert "secret" not in str(caught.value)


def test_passwords_are_cut_out_of_uris():
    assert redacted("postgresql://me:pw@host/db") == "postgresql://host/db"
    assert redacted("sqlite:///x.db") == "sqlite:///x.db"
    assert redacted("databricks") == "databricks"


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_four_processes_may_open_a_new_store_at_once(tmp_path):
    environment = {**os.environ, "DVC_ROOT": str(tmp_path), "OMP_NUM_THREADS": "1"}
    environment.pop("MLFLOW_TRACKING_URI", None)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    outputs = [process.communicate() for process in processes]
    assert [p.returncode for p in processes] == [0] * 4, outputs
    assert len({out.strip() for out, _ in outputs}) == 1


@pytest.mark.parametrize(
    "uri", [None, "sqlite:///x.db", "http://127.0.0.1:5000", "https://me:secret@mlflow.example"]
)
def test_a_store_of_this_machine_or_with_a_password_is_not_shared(uri, monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    assert shared_uri(Tracking(uri=uri)) is None


@pytest.mark.parametrize(
    "uri",
    ["https://mlflow.example", "arn:aws:sagemaker:us-east-1:123456789012:mlflow-tracking-server/x"],
)
def test_a_server_and_a_managed_store_are_shared(uri):
    assert shared_uri(Tracking(uri=uri)) == uri


def test_a_server_of_this_machine_is_shared_with_what_runs_on_it():
    uri = "http://127.0.0.1:5000"
    assert shared_uri(Tracking(uri=uri), same_machine=True) == uri
