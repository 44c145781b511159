import subprocess

import pytest

from radimpress.report.kept_files import find_file
from radimpress.runtime.digests import file_md5


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A DVC repository whose cache holds `kept.txt`."""
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "-q"], check=True)
    from dvc.repo import Repo

    with Repo.init(str(tmp_path)) as repo:
        (tmp_path / "kept.txt").write_text("kept")
        repo.add("kept.txt")
    return tmp_path


def test_the_workspace_comes_first_then_the_cache(repository):
    md5 = file_md5(repository / "kept.txt")
    assert find_file(repository, "kept.txt", md5) == repository / "kept.txt"
    (repository / "kept.txt").write_text("edited")
    found = find_file(repository, "kept.txt", md5)
    assert found != repository / "kept.txt"
    assert found.read_text() == "kept"


def test_a_damaged_copy_is_no_copy(repository):
    md5 = file_md5(repository / "kept.txt")
    kept = repository / ".dvc/cache/files/md5" / md5[:2] / md5[2:]
    kept.chmod(0o644)
    kept.write_text("damaged")
    assert find_file(repository, "elsewhere.txt", md5) is None


def test_nothing_is_found_by_no_hash_or_outside_dvc(repository, tmp_path_factory):
    assert find_file(repository, "kept.txt", "") is None
    plain = tmp_path_factory.mktemp("plain")
    assert find_file(plain, "kept.txt", "0" * 32) is None
