import pytest

from radimpress.health.locked import Locked, read_lock
from radimpress.runtime.errors import RadimpressError

LOCK = """
schema: '2.0'
stages:
  clean:
    cmd: python clean.py
    deps:
    - {path: raw.zip, hash: md5, md5: aa, size: 1}
    outs:
    - {path: data/clean, hash: md5, md5: bb.dir, size: 1, nfiles: 2}
  split:
    cmd: python split.py
    deps:
    - {path: data/clean, hash: md5, md5: bb.dir, size: 1, nfiles: 2}
    outs:
    - {path: data/splits, hash: md5, md5: cc.dir, size: 1, nfiles: 3}
"""


def test_every_path_stands_once_and_an_output_wins_over_a_dependency(tmp_path):
    path = tmp_path / "dvc.lock"
    path.write_text(LOCK)
    assert read_lock(path) == [
        Locked("clean", "raw.zip", "aa", is_output=False),
        Locked("clean", "data/clean", "bb.dir", is_output=True),
        Locked("split", "data/splits", "cc.dir", is_output=True),
    ]
    assert [item.is_folder for item in read_lock(path)] == [False, True, True]


def test_without_a_lock_the_pipeline_has_not_run(tmp_path):
    with pytest.raises(RadimpressError, match="has not run yet; next: run `make pipeline`"):
        read_lock(tmp_path / "dvc.lock")


@pytest.mark.parametrize("text", ["a: [", "", "stages: 1", "other: {}"])
def test_a_damaged_lock_is_one_line(tmp_path, text):
    path = tmp_path / "dvc.lock"
    path.write_text(text)
    with pytest.raises(RadimpressError, match="no lock file of DVC's; next: restore it"):
        read_lock(path)
