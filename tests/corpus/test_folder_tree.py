import os
from pathlib import Path

import pytest

from radimpress.corpus.folder_tree import folder_entries
from radimpress.corpus.raw import Fault


def test_wanted_files_come_sorted_by_name_and_counted(tmp_path: Path) -> None:
    for name in ("b/2.txt", "a/1.txt", "a/1.dat"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    found = folder_entries(tmp_path, lambda name: name.endswith(".txt"), 100)
    assert found.total == 2
    assert list(found.entries) == [("a/1.txt", b"a/1.txt"), ("b/2.txt", b"b/2.txt")]


def test_links_pipes_and_large_files_are_faults(tmp_path: Path) -> None:
    secret = tmp_path.parent / "secret.txt"
    secret.write_text("secret")
    (tmp_path / "1.txt").symlink_to(secret)
    os.mkfifo(tmp_path / "2.txt")
    (tmp_path / "3.txt").write_text("x" * 101)
    (tmp_path / "linked").symlink_to(tmp_path.parent)
    found = folder_entries(tmp_path, lambda name: name.endswith(".txt"), 100)
    assert list(found.entries) == [
        ("1.txt", Fault.LINK),
        ("2.txt", Fault.UNREADABLE),
        ("3.txt", Fault.TOO_LARGE),
    ]


def test_a_file_that_may_not_be_read_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "1.txt").write_text("x")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", refuse)
    found = folder_entries(tmp_path, lambda _: True, 100)
    assert list(found.entries) == [("1.txt", Fault.UNREADABLE)]
