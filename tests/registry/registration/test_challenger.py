import mlflow
import pytest

from radimpress.config.schema import ModelStorage
from radimpress.modeling.reference import REFERENCE as REFERENCE_FILE
from radimpress.modeling.reference import Reference, write_reference
from radimpress.registry.registration.challenger import find_version, register_challenger
from radimpress.registry.versions import CHALLENGER
from radimpress.runtime.digests import file_sha256, folder_sha256
from radimpress.tracking.models import kept_folder, model_folder, model_reference


@pytest.fixture
def register(store, experiment, config, workspace):
    run = store.client.create_run(experiment).info.run_id

    def register(content, storage=ModelStorage.copy, commit="c", dirty="false", card="card"):
        name = config.tracking.registered_model
        tags = {"radimpress.git_commit": commit, "radimpress.git_dirty": dirty}
        return register_challenger(
            store, name, workspace.finetuned, content, experiment, run, storage, card, tags
        )

    return register


def test_the_same_content_is_one_version(register, store, config):
    name = config.tracking.registered_model
    first = register("content one")
    assert register("content one") == first
    second = register("content two")
    assert second != first
    assert str(store.client.get_model_version_by_alias(name, CHALLENGER).version) == second
    assert register("content one") == first  # going back moves the alias, not the count
    assert str(store.client.get_model_version_by_alias(name, CHALLENGER).version) == first
    assert find_version(store, name, "content three") is None


def test_a_version_carries_its_card_and_lineage(register, store, config):
    version = store.client.get_model_version(config.tracking.registered_model, register("x"))
    assert version.description == "card"
    assert version.tags["radimpress.git_commit"] == "c"


def test_a_dirty_version_takes_the_lineage_of_the_commit_that_has_it(register, store, config):
    name = config.tracking.registered_model
    version = register("x", commit="before", dirty="true")
    assert register("x", commit="after", card="card of after") == version
    found = store.client.get_model_version(name, version)
    assert found.description == "card of after"
    tags = found.tags
    assert tags["radimpress.git_commit"] == "after"
    assert tags["radimpress.git_dirty"] == "false"


def test_a_version_that_was_killed_before_its_card_gets_it(register, store, config):
    name = config.tracking.registered_model
    version = register("x")
    store.client.update_model_version(name, version, description="")
    register("x")
    assert store.client.get_model_version(name, version).description == "card"


@pytest.mark.parametrize("dirty", ["true", "false"])
def test_a_clean_version_keeps_its_lineage(register, store, config, dirty):
    version = register("x", commit="first")
    register("x", commit="second", dirty=dirty, card="card of second")
    found = store.client.get_model_version(config.tracking.registered_model, version)
    assert found.tags["radimpress.git_commit"] == "first"
    assert found.description == "card"


@pytest.mark.parametrize("storage", list(ModelStorage))
def test_the_folder_comes_back_to_the_byte(register, store, config, workspace, storage):
    register("x", storage)
    folder = model_folder(store, f"models:/{config.tracking.registered_model}@{CHALLENGER}")
    assert (folder / "model.safetensors").read_bytes() == b"weights"
    assert folder != workspace.finetuned


def test_a_reference_survives_the_next_training(register, store, config, workspace):
    register("x", ModelStorage.reference)
    (workspace.finetuned / "model.safetensors").unlink()
    (workspace.finetuned / "model.safetensors").write_bytes(b"other weights")
    folder = model_folder(store, f"models:/{config.tracking.registered_model}@{CHALLENGER}")
    assert (folder / "model.safetensors").read_bytes() == b"weights"


def test_registering_does_not_leave_an_active_run(register):
    register("x")
    assert mlflow.active_run() is None


def referred(workspace, address):
    """models/finetuned without its weights, which are at `address`."""
    digests = {"model.safetensors": file_sha256(workspace.finetuned / "model.safetensors")}
    (workspace.finetuned / "model.safetensors").unlink()
    made = Reference(f"s3://bucket/{address}/", digests)
    write_reference(workspace.finetuned, made)
    return made


def test_a_model_that_stayed_in_s3_becomes_a_version_of_its_address(
    register, store, config, workspace
):
    name, made = config.tracking.registered_model, referred(workspace, "a")
    version = register("x")
    found = store.client.get_model_version(name, version)
    assert found.source == "s3://bucket/a/"
    assert found.description == "card"
    assert found.tags["radimpress.git_commit"] == "c"
    assert model_reference(store, f"models:/{name}@challenger") == made
    assert register("x") == version


def test_the_same_made_again_elsewhere_moves_the_address(register, store, config, workspace):
    uri = f"models:/{config.tracking.registered_model}/{register_at(register, workspace, 'a')}"
    write_reference(
        workspace.finetuned, Reference("s3://bucket/b/", model_reference(store, uri).files)
    )
    register("x")
    assert model_reference(store, uri).uri == "s3://bucket/b/"


def test_once_its_weights_are_here_such_a_version_is_kept_here(register, config, store, workspace):
    version = register_at(register, workspace, "a")
    (workspace.finetuned / REFERENCE_FILE).unlink()
    (workspace.finetuned / "model.safetensors").write_bytes(b"weights")
    assert register("x") == version
    kept = model_folder(store, f"models:/{config.tracking.registered_model}/{version}")
    assert kept == kept_folder(folder_sha256(workspace.finetuned))
    assert (kept / "model.safetensors").read_bytes() == b"weights"


def register_at(register, workspace, address):
    referred(workspace, address)
    return register("x")
