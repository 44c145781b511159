import json

import pytest

from radimpress.cloud import storage
from radimpress.cloud.session import open_session
from radimpress.cloud.storage import Address
from radimpress.config.cloud import Cloud
from radimpress.runtime.errors import RadimpressError


@pytest.fixture
def session(loopback):
    return open_session(Cloud())


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "made/deep").mkdir(parents=True)
    (tmp_path / "made/a.txt").write_text("a")
    (tmp_path / "made/deep/b.txt").write_text("b")
    (tmp_path / "made/__pycache__").mkdir()
    (tmp_path / "made/__pycache__/c.pyc").write_text("left behind")
    return tmp_path / "made"


def puts(loopback):
    return loopback.calls["s3:PutObject"]


def test_a_folder_comes_back_as_it_went(session, folder, tmp_path):
    uri = storage.put_folder(session, folder)
    storage.get_folder(session, uri, tmp_path / "back")
    assert (tmp_path / "back/a.txt").read_text() == "a"
    assert (tmp_path / "back/deep/b.txt").read_text() == "b"
    assert sorted(storage.objects(session, uri)) == ["a.txt", "deep/b.txt"]


def test_the_same_content_is_uploaded_once(session, folder, loopback, tmp_path):
    first = storage.put_folder(session, folder)
    before = puts(loopback)
    assert before == 3  # two files and the manifest
    assert storage.put_folder(session, folder) == first
    assert storage.put_files(
        session, {"a.txt": folder / "a.txt", "deep/b.txt": folder / "deep/b.txt"}
    )
    assert puts(loopback) == before


def test_other_content_has_another_address(session, folder):
    first = storage.put_folder(session, folder)
    (folder / "a.txt").write_text("A")
    assert storage.put_folder(session, folder) != first


def test_a_broken_upload_goes_on_with_what_is_missing(session, folder, loopback):
    loopback.faults.refuse("PutObject", "AccessDenied", "no", nth=2)
    with pytest.raises(RadimpressError, match="AccessDenied"):
        storage.put_folder(session, folder)
    before = puts(loopback)
    uri = storage.put_folder(session, folder)
    assert puts(loopback) - before < 3
    assert len(storage.manifest(session, uri)) == 2


def test_a_server_that_fails_at_times_is_asked_again(session, folder, loopback):
    loopback.faults.fail("PutObject", times=2, status=503)
    storage.put_folder(session, folder)


def test_a_changed_object_is_noticed(session, folder, tmp_path):
    uri = storage.put_folder(session, folder)
    storage.put_text(session, "x", uri + "a.txt")
    with pytest.raises(RadimpressError, match="does not hold what was written"):
        storage.get_folder(session, uri, tmp_path / "back")
    assert not (tmp_path / "back").exists()


def test_a_folder_that_is_gone_is_named(session, tmp_path):
    with pytest.raises(RadimpressError, match="is gone or not whole"):
        storage.get_folder(session, f"s3://{session.bucket}/content/none/", tmp_path / "back")


def test_an_empty_folder_is_refused(session, tmp_path):
    with pytest.raises(RadimpressError, match="no file to upload"):
        storage.put_folder(session, tmp_path)


def test_removing_a_folder_leaves_its_neighbours(session, folder):
    uri = storage.put_folder(session, folder)
    assert storage.remove_folder(session, uri + "deep/") == 1
    assert sorted(storage.objects(session, uri)) == ["a.txt"]


def test_a_file_and_a_text(session, folder):
    uri = f"s3://{session.bucket}/one/file.txt"
    assert storage.get_text(session, uri) is None
    assert not storage.exists(session, uri)
    storage.put_file(session, folder / "a.txt", uri)
    assert storage.get_text(session, uri) == "a"
    assert storage.exists(session, uri)


def test_writes_name_the_key_where_one_is_set(loopback, folder):
    key = "arn:aws:kms:us-east-1:123456789012:key/1"
    session = open_session(Cloud(kms_key=key))
    address = Address.of(storage.put_folder(session, folder) + "a.txt")
    found = session.client("s3").head_object(Bucket=address.bucket, Key=address.key)
    assert (found["ServerSideEncryption"], found["SSEKMSKeyId"]) == ("aws:kms", key)


@pytest.mark.parametrize("uri", ["models/x", "s3://", "https://bucket/x"])
def test_what_is_no_s3_address_is_refused(uri):
    with pytest.raises(RadimpressError, match="is no S3 address"):
        Address.of(uri)


def test_objects_that_stay_are_told_of(session, folder, monkeypatch):
    uri = storage.put_folder(session, folder)
    client = session.client("s3", connections=storage.THREADS)
    said = {"Errors": [{"Code": "AccessDenied", "Key": "k"}]}
    monkeypatch.setattr(client, "delete_objects", lambda **_: said)
    with pytest.raises(RadimpressError, match=r"1 objects below .* stay \(AccessDenied\)"):
        storage.remove_folder(session, uri)


@pytest.mark.parametrize("name", ["../out.txt", "/etc/out.txt", "deep/../../out.txt", ""])
def test_a_manifest_cannot_name_files_outside_of_its_folder(session, tmp_path, name):
    folder = f"s3://{session.bucket}/jobs/odd"
    storage.put_text(session, "x", f"s3://{session.bucket}/jobs/out.txt")
    storage.put_text(session, json.dumps({"files": {name: "0" * 64}}), f"{folder}/manifest.json")
    with pytest.raises(RadimpressError, match="which is no file below it"):
        storage.get_folder(session, folder, tmp_path / "back")
    assert not (tmp_path / "back").exists()
    assert not (tmp_path / "out.txt").exists()
