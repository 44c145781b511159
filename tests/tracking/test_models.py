import mlflow
import pytest

from radimpress.config.schema import ModelStorage
from radimpress.runtime.errors import RadimpressError
from radimpress.tracking.models import log_model, model_folder


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "finetuned"
    path.mkdir()
    (path / "model.safetensors").write_bytes(b"weights")
    return path


def logged(store, experiment, folder, storage):
    run = store.client.create_run(experiment).info.run_id
    return log_model(store, experiment, run, folder, storage)


def test_a_copy_is_uploaded_with_its_code_and_signature(store, experiment, folder):
    uri = logged(store, experiment, folder, ModelStorage.copy)
    model = mlflow.models.get_model_info(uri)
    assert [c.name for c in model.signature.inputs] == ["findings", "background"]
    assert model.flavors["python_function"]["code"] == "code"
    assert model.flavors["python_function"]["config"] == {"engine": "transformers"}
    assert (model_folder(store, uri) / "model.safetensors").read_bytes() == b"weights"


def test_a_reference_uploads_no_weights(store, experiment, folder, store_root):
    uri = logged(store, experiment, folder, ModelStorage.reference)
    kept = model_folder(store, uri)
    assert kept.parent == store_root / "models" / "kept"
    local = mlflow.artifacts.download_artifacts(uri)
    assert "model.safetensors" not in {p.name for p in kept.parents[2].joinpath(local).rglob("*")}


def test_what_is_not_registered_says_what_to_do(store):
    with pytest.raises(RadimpressError, match="models:/nobody@challenger is not in .*dvc repro"):
        model_folder(store, "models:/nobody@challenger")
