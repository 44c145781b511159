import errno
import os
import stat
import subprocess

import pytest

from radimpress.runtime.atomic import whole_file, whole_folder, write_text
from radimpress.runtime.errors import RadimpressError


def leftovers(folder):
    return [p.name for p in folder.iterdir() if p.name.startswith(".")]


def test_a_file_appears_only_when_the_block_succeeds(tmp_path):
    target = tmp_path / "new" / "a.txt"
    write_text(target, "one")
    with pytest.raises(ValueError, match="stop"), whole_file(target) as temporary:
        temporary.write_text("half")
        raise ValueError("stop")
    assert target.read_text() == "one"
    assert leftovers(target.parent) == []


def test_a_file_gets_ordinary_permissions(tmp_path):
    write_text(tmp_path / "a.txt", "x")
    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) & 0o400
    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) & 0o044


def test_a_folder_is_replaced_as_a_whole(tmp_path):
    target = tmp_path / "models"
    with whole_folder(target) as temporary:
        (temporary / "old.txt").write_text("old")
    with whole_folder(target) as temporary:
        (temporary / "new.txt").write_text("new")
    assert [p.name for p in target.iterdir()] == ["new.txt"]
    assert leftovers(tmp_path) == []


def test_a_failed_folder_leaves_the_old_one(tmp_path):
    target = tmp_path / "models"
    with whole_folder(target) as temporary:
        (temporary / "old.txt").write_text("old")
    with pytest.raises(KeyboardInterrupt), whole_folder(target) as temporary:
        (temporary / "new.txt").write_text("new")
        raise KeyboardInterrupt
    assert [p.name for p in target.iterdir()] == ["old.txt"]
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("writer", [whole_file, whole_folder])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_one_line_and_keeps_what_was_there(tmp_path, writer, code):
    target = tmp_path / "out"
    with pytest.raises(RadimpressError, match="the disk is full: .*out.*next: free some space"):
        with writer(target):
            raise OSError(code, "No space left on device")
    assert list(tmp_path.iterdir()) == []


def test_other_system_errors_pass(tmp_path):
    with pytest.raises(PermissionError), whole_file(tmp_path / "a"):
        raise PermissionError(errno.EACCES, "no")


def test_what_a_killed_writer_left_is_swept_and_a_living_one_is_spared(tmp_path):
    dead = subprocess.Popen(["true"])
    dead.wait()
    (tmp_path / f".out.{dead.pid}.abc").mkdir()
    (tmp_path / f".out.{dead.pid}.def").write_text("half")
    (tmp_path / f".out.{os.getpid()}.ghi").write_text("mine")
    (tmp_path / ".out.notes.txt").write_text("not ours")
    write_text(tmp_path / "out", "whole")
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        f".out.{os.getpid()}.ghi",
        ".out.notes.txt",
        "out",
    ]
