import pytest

from radimpress.cloud.inventory.only_copies import OnlyCopy, only_copies
from radimpress.modeling.reference import Reference, write_reference
from radimpress.runtime.errors import RadimpressError
from radimpress.tracking import models
from radimpress.tracking.store import open_store

OUTPUT = "jobs/k1/output/radimpress-train-k1-1/output/model/models/finetuned/"


@pytest.fixture
def registered(config, session, monkeypatch, tmp_path):
    """One version by reference, one of another bucket, and one whose files MLflow holds."""
    store = open_store(config.tracking)
    name = config.tracking.registered_model
    store.client.create_registered_model(name)
    for uri in (f"s3://{session.bucket}/{OUTPUT}", "s3://elsewhere/models/m/", None):
        tags = {models.REFERENCE: Reference(uri, {"model.safetensors": "ab"}).text} if uri else {}
        store.client.create_model_version(name, uri or str(tmp_path), tags=tags)
    yield name
    store.client.delete_registered_model(name)


def test_a_version_by_reference_spares_the_whole_output_of_its_job(registered, config, session):
    found = [one for one in only_copies(session, config.tracking) if registered in one.named]
    assert found == [OnlyCopy(f"{registered} version 1", "jobs/k1/output/")]


def test_a_model_of_this_checkout_that_is_only_referred_to_is_spared(
    config, session, tmp_path, monkeypatch
):
    store = open_store(config.tracking)
    monkeypatch.setattr("radimpress.cloud.inventory.only_copies.open_store", lambda _: store)
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    (tmp_path / "models/finetuned").mkdir(parents=True)
    reference = Reference(f"s3://{session.bucket}/models/abc/", {"model.safetensors": "ab"})
    write_reference(tmp_path / "models/finetuned", reference)
    assert OnlyCopy("models/finetuned", "models/abc/") in only_copies(session, config.tracking)


def test_a_registry_that_does_not_answer_is_no_registry_without_references(
    config, session, monkeypatch
):
    from mlflow.exceptions import MlflowException

    store = open_store(config.tracking)

    def silent(**_):
        raise MlflowException("down")

    monkeypatch.setattr(store.client, "search_model_versions", silent)
    monkeypatch.setattr("radimpress.cloud.inventory.only_copies.open_store", lambda _: store)
    with pytest.raises(RadimpressError, match="does not say which models .* or add --models"):
        only_copies(session, config.tracking)
