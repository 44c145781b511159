import hashlib
import json
from pathlib import Path

from radimpress.health.hashing import cache_path, tree, tree_md5


def test_a_tree_leaves_out_what_dvc_ignores(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x").write_text("1")
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "y").write_text("2")
    entries = tree(tmp_path, lambda path: path.name == "__pycache__")
    assert entries == {"a/x": hashlib.md5(b"1", usedforsecurity=False).hexdigest()}


def test_the_folder_hash_is_that_of_the_sorted_listing():
    rows = [{"md5": "1", "relpath": "a-b"}, {"md5": "2", "relpath": "a/c"}]
    want = hashlib.md5(json.dumps(rows).encode(), usedforsecurity=False).hexdigest() + ".dir"
    assert tree_md5({"a/c": "2", "a-b": "1"}) == want


def test_objects_lie_where_dvc_3_keeps_them():
    assert cache_path(Path("c"), "abcd.dir") == Path("c/files/md5/ab/cd.dir")
