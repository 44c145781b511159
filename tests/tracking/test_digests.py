import hashlib

from radimpress.tracking.digests import file_md5, folder_sha256


def test_a_file_has_the_md5_that_dvc_gives_it(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"x" * 3_000_000)
    assert file_md5(path) == hashlib.md5(b"x" * 3_000_000, usedforsecurity=False).hexdigest()


def test_a_folder_digest_sees_names_and_contents(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a").write_text("1")
    first = folder_sha256(tmp_path)
    (tmp_path / "sub" / "a").rename(tmp_path / "sub" / "b")
    second = folder_sha256(tmp_path)
    (tmp_path / "sub" / "b").write_text("2")
    assert len({first, second, folder_sha256(tmp_path)}) == 3
    assert folder_sha256(tmp_path) == folder_sha256(tmp_path)
