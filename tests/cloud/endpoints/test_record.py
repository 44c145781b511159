import pytest

from radimpress.cloud.endpoints.record import endpoint_record, fetched_data
from radimpress.cloud.storage import put_files, put_text
from radimpress.runtime.errors import RadimpressError


@pytest.fixture
def data(session, tmp_path):
    """The address of an archive's data in S3."""
    (tmp_path / "a").write_bytes(b"archive")
    return put_files(session, {"model.tar.gz": tmp_path / "a"}, "models") + "model.tar.gz"


def test_data_are_downloaded_and_hashed(session, data, tmp_path):
    found = fetched_data(session, data, tmp_path / "into")
    assert (found.problem, found.bytes) == ("", 7)
    assert found.sha256 in data
    assert found.fetched.read_bytes() == b"archive"


def test_changed_data_are_a_problem(session, data, tmp_path):
    put_text(session, "other..", data)
    assert "sha256 differs" in fetched_data(session, data, tmp_path / "into").problem


def test_lost_data_are_a_problem(session, data, tmp_path, loopback):
    key = data.partition(f"{session.bucket}/")[2]
    loopback.client("s3").delete_object(Bucket=session.bucket, Key=key)
    assert fetched_data(session, data, tmp_path / "into").problem == "model.tar.gz is gone"
    folder = key.rpartition("/")[0]
    loopback.client("s3").delete_object(Bucket=session.bucket, Key=f"{folder}.json")
    assert "is gone or not whole" in fetched_data(session, data, tmp_path / "into").problem


def test_a_manifest_of_another_folder_is_a_problem(session, data, tmp_path):
    folder = data.removesuffix("/model.tar.gz")
    put_text(session, '{"files": {"model.tar.gz": "0"}}', f"{folder}.json")
    found = fetched_data(session, data, tmp_path / "into")
    assert found.problem == "the manifest is not that of this folder"


def test_large_data_stay_where_they_are(session, data, tmp_path, monkeypatch):
    monkeypatch.setattr("radimpress.cloud.endpoints.record.LARGE", 3)
    found = fetched_data(session, data, tmp_path / "into")
    assert (found.problem, found.fetched, found.bytes) == ("", None, 7)


def test_an_endpoint_without_its_configuration_says_nothing_of_a_version(session, stand_in):
    record = endpoint_record(session, "stand-in")
    assert (record.status, record.config, record.config_tags) == ("InService", "stand-in-1", {})
    assert (record.model, record.data) == ("", "")
    with pytest.raises(RadimpressError, match="there is no endpoint 'none' in us-east-1"):
        endpoint_record(session, "none")
