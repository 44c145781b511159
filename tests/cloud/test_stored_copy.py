import pytest

from radimpress.cloud.storage import get_folder, manifest, put_folder
from radimpress.cloud.stored_copy import copy_folder


@pytest.fixture
def stored(session, tmp_path):
    """Address and sha256s of a folder in S3."""
    (tmp_path / "here" / "deep").mkdir(parents=True)
    (tmp_path / "here" / "a.txt").write_text("a")
    (tmp_path / "here" / "deep" / "b.txt").write_text("b")
    uri = put_folder(session, tmp_path / "here")
    return uri, manifest(session, uri)


def test_it_is_what_an_upload_of_all_files_would_be(session, stored, tmp_path):
    uri, files = stored
    made = copy_folder(session, uri, files, {"c.txt": b"c"}, "models")
    (tmp_path / "here" / "c.txt").write_text("c")
    assert put_folder(session, tmp_path / "here", "models") == made
    get_folder(session, made, tmp_path / "back")
    assert (tmp_path / "back" / "deep" / "b.txt").read_text() == "b"


def test_what_is_there_is_not_copied_again(session, stored, loopback):
    uri, files = stored
    first = copy_folder(session, uri, files, {}, "models")
    loopback.calls.clear()
    assert copy_folder(session, uri, files, {}, "models") == first
    assert set(loopback.calls) <= {"s3:HeadObject"}
