import json

from radimpress.modeling.reference import Reference, write_reference
from radimpress.registry.registration.register_stage import register
from radimpress.runtime.digests import file_sha256, folder_sha256
from radimpress.tracking.store import open_store


def test_a_pipeline_becomes_runs_a_challenger_and_a_receipt(config, workspace, tmp_path):
    receipt = tmp_path / "registered.json"
    done = register(config, receipt, workspace)
    store = open_store(config.tracking)
    assert set(done.runs) == {"constant", "finetuned"}
    written = json.loads(receipt.read_text())
    assert written["version"] == done.version == "1"
    assert written["store"] == "mlruns/mlflow.db"
    version = store.client.get_model_version(done.name, done.version)
    assert version.run_id == done.runs["finetuned"]
    assert "## Lineage" in version.description
    names = {a.path for a in store.client.list_artifacts(done.runs["finetuned"])}
    assert {"report.html", "training", "model_card.md", "examples_test.json"} <= names


def test_registering_again_changes_nothing(config, workspace, tmp_path):
    first = register(config, tmp_path / "a.json", workspace)
    second = register(config, tmp_path / "b.json", workspace)
    assert first == second
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_an_empty_store_gets_everything_again(config, workspace, tmp_path, monkeypatch):
    monkeypatch.setenv("DVC_ROOT", str(tmp_path / "one clone"))
    register(config, tmp_path / "a.json", workspace)
    monkeypatch.setenv("DVC_ROOT", str(tmp_path / "another clone"))
    again = register(config, tmp_path / "b.json", workspace)
    store = open_store(config.tracking)
    run = store.client.get_run(again.runs["finetuned"])
    history = store.client.get_metric_history(run.info.run_id, "val/loss")
    assert [m.value for m in history] == [1.6]
    assert str(store.client.get_model_version_by_alias(again.name, "challenger").version) == "1"


def test_a_model_by_reference_has_the_tags_and_the_card_of_its_weights(config, workspace, tmp_path):
    sha256 = folder_sha256(workspace.finetuned)
    digests = {"model.safetensors": file_sha256(workspace.finetuned / "model.safetensors")}
    (workspace.finetuned / "model.safetensors").unlink()
    write_reference(workspace.finetuned, Reference("s3://bucket/models/", digests))
    done = register(config, tmp_path / "registered.json", workspace)
    version = open_store(config.tracking).client.get_model_version(done.name, done.version)
    assert version.tags["radimpress.model_sha256"] == sha256
    assert version.source == "s3://bucket/models/"
    assert "weights at `s3://bucket/models/`: radimpress brings them" in version.description
    assert json.loads((tmp_path / "registered.json").read_text())["model_sha256"] == sha256
