import pytest

from radimpress.cloud.fetched_models import fetched, fetched_folder, fetched_model, stored_bytes
from radimpress.cloud.storage import put_folder
from radimpress.config.cloud import Cloud
from radimpress.modeling.reference import Reference, write_reference
from radimpress.runtime.digests import file_sha256, folder_sha256
from radimpress.runtime.errors import RadimpressError
from radimpress.tracking.models import REFERENCE, model_folder

CLOUD = Cloud()
FILES = {"config.json": b"{}", "model.safetensors": b"weights"}


@pytest.fixture
def reference(session, tmp_path):
    """A model that lies in S3 only."""
    folder = tmp_path / "there"
    folder.mkdir()
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    digests = {name: file_sha256(folder / name) for name in FILES}
    return Reference(put_folder(session, folder), digests)


@pytest.fixture
def here(workspace):
    return workspace / "models" / "kept"


def test_it_is_downloaded_once_and_is_the_model_that_was_referred_to(reference, here, loopback):
    folder = fetched(reference, CLOUD)
    assert folder.parent == here
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == FILES
    assert folder_sha256(folder) == reference.sha256
    loopback.calls.clear()
    assert fetched(reference, CLOUD) == folder
    assert not loopback.calls


def test_other_bytes_than_those_referred_to_are_refused_and_nothing_is_kept(
    reference, here, session
):
    key = reference.uri.partition(f"{session.bucket}/")[2] + "model.safetensors"
    session.client("s3").put_object(Bucket=session.bucket, Key=key, Body=b"WEIGHTS")
    with pytest.raises(RadimpressError, match="its sha256 differs"):
        fetched(reference, CLOUD)
    assert not list(here.glob("*"))


def test_a_folder_with_its_weights_is_taken_as_it_is(tmp_path, reference, here):
    assert fetched_folder(tmp_path, CLOUD) == tmp_path
    write_reference(tmp_path, reference)
    assert fetched_folder(tmp_path, CLOUD).parent == here


def test_a_registered_model_is_fetched_by_number_and_by_alias(reference, here, store):
    store.client.create_registered_model("m")
    tags = {REFERENCE: reference.text}
    store.client.create_model_version("m", reference.uri, tags=tags, await_creation_for=0)
    store.client.set_registered_model_alias("m", "champion", "1")
    with pytest.raises(RadimpressError, match="next: bring them: radimpress fetch models:/m/1"):
        model_folder(store, "models:/m/1")
    folder = fetched_model(store, "models:/m@champion", CLOUD)
    assert folder_sha256(folder) == reference.sha256
    assert model_folder(store, "models:/m/1") == folder


def test_a_model_that_is_gone_from_s3_is_named(reference, session):
    assert stored_bytes(reference, CLOUD) == sum(map(len, FILES.values()))
    lost = Reference(reference.uri, {**reference.files, "model-2.safetensors": "0" * 64})
    with pytest.raises(RadimpressError, match=r"model-2\.safetensors is gone from s3://"):
        stored_bytes(lost, CLOUD)
