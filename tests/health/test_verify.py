"""Against a real DVC repository: its hashes must be ours."""

import os
import subprocess
import sys

import pytest

from radimpress.health.hashing import cache_path
from radimpress.health.verify import verify
from radimpress.runtime.errors import RadimpressError

DVC = [sys.executable, "-m", "dvc"]
PIPELINE = """
stages:
  make:
    cmd: mkdir -p out/sub && cp in.txt out/a.txt && cp in.txt out/sub/b.txt && cp in.txt single
    deps: [in.txt, src]
    outs: [out, single]
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("repository")
    (folder / "in.txt").write_text("content")
    (folder / "src").mkdir()
    (folder / "src" / "code.py").write_text("code")
    (folder / "src" / "__pycache__").mkdir()
    (folder / "src" / "__pycache__" / "code.pyc").write_text("compiled")
    (folder / ".dvcignore").write_text("__pycache__\n")
    (folder / "dvc.yaml").write_text(PIPELINE)
    for command in (["init", "--no-scm", "-q"], ["repro", "-q"]):
        subprocess.run([*DVC, *command], cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture
def repository(made, tmp_path):
    subprocess.run(["cp", "-a", f"{made}/.", str(tmp_path)], check=True)
    return tmp_path


def states(repository):
    return {v.locked.path: (v.workspace, v.cache) for v in verify(repository)}


def test_a_fresh_run_agrees_everywhere(repository):
    assert states(repository) == {
        "in.txt": ("agrees", None),
        "src": ("agrees", None),
        "out": ("agrees", "agrees"),
        "single": ("agrees", "agrees"),
    }
    assert all(v.is_sound for v in verify(repository))


def test_a_changed_byte_is_found_though_size_and_time_are_the_same(repository):
    path = repository / "out" / "sub" / "b.txt"
    before = path.stat()
    path.chmod(0o644)
    path.write_text("c0ntent")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    (found,) = [v for v in verify(repository) if v.locked.path == "out"]
    assert (found.workspace, found.cache, found.files) == ("differs", "agrees", ("sub/b.txt",))
    assert not found.is_sound


def test_a_damaged_cache_object_is_found(repository):
    md5 = next(v.locked.md5 for v in verify(repository) if v.locked.path == "single")
    path = cache_path(repository / ".dvc" / "cache", md5)
    path.chmod(0o644)
    path.write_text("rotten!")
    assert states(repository)["single"] == ("agrees", "differs")
    assert states(repository)["out"] == ("agrees", "differs")  # the same object lies in it


def test_missing_outputs_extra_files_and_wrong_kinds_are_told_apart(repository):
    (repository / "single").unlink()
    (repository / "out" / "extra").write_text("x")
    (repository / "in.txt").unlink()
    (repository / "in.txt").mkdir()
    found = {v.locked.path: v for v in verify(repository)}
    assert found["single"].workspace == "missing"
    assert found["out"].files == ("extra",)
    assert found["in.txt"].workspace == "differs"


def test_an_empty_cache_is_no_fault(repository):
    subprocess.run(["rm", "-rf", str(repository / ".dvc" / "cache")], check=True)
    assert states(repository)["out"] == ("agrees", "missing")
    assert all(v.is_sound for v in verify(repository))


def test_without_a_lock_there_is_nothing_to_verify(repository):
    (repository / "dvc.lock").unlink()
    with pytest.raises(RadimpressError, match="has not run yet"):
        verify(repository)
