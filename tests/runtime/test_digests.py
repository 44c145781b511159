import hashlib

from radimpress.runtime.digests import file_md5, file_sha256, folder_sha256


def test_file_digests_are_those_of_the_bytes(tmp_path):
    (tmp_path / "a").write_bytes(b"words" * 1_000_000)
    expected = b"words" * 1_000_000
    assert file_md5(tmp_path / "a") == hashlib.md5(expected).hexdigest()  # noqa: S324 - DVC's
    assert file_sha256(tmp_path / "a") == hashlib.sha256(expected).hexdigest()


def test_a_folder_digest_sees_names_contents_and_subfolders(tmp_path):
    (tmp_path / "a").write_text("1")
    seen = [folder_sha256(tmp_path)]
    (tmp_path / "a").write_text("2")
    seen.append(folder_sha256(tmp_path))
    (tmp_path / "a").rename(tmp_path / "b")
    seen.append(folder_sha256(tmp_path))
    (tmp_path / "below").mkdir()
    (tmp_path / "b").rename(tmp_path / "below" / "b")
    seen.append(folder_sha256(tmp_path))
    assert len(set(seen)) == 4
    assert folder_sha256(tmp_path) == seen[-1]


def test_a_folder_digest_is_the_documented_formula(tmp_path):
    (tmp_path / "a").write_text("1")
    line = f"a\0{hashlib.sha256(b'1').hexdigest()}\n"
    assert folder_sha256(tmp_path) == hashlib.sha256(line.encode()).hexdigest()
