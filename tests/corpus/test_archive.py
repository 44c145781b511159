import tarfile
import zipfile
from pathlib import Path

import pytest

from radimpress.corpus.archive import entries, require_file
from radimpress.runtime.errors import RadimpressError


def test_folder_zip_and_tar_give_the_same_files(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "1.xml").write_text("one")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(folder / "1.xml", "1.xml")
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as tar:
        tar.add(folder / "1.xml", "1.xml")
    (tmp_path / "zip.tgz").write_bytes((tmp_path / "a.zip").read_bytes())
    for name in ("folder", "a.zip", "a.tar.gz", "zip.tgz"):
        found = entries(tmp_path / name, lambda name: name.endswith(".xml"), 100)
        assert list(found.entries) == [("1.xml", b"one")]


def test_a_missing_or_empty_file_is_refused_with_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(RadimpressError, match=r"gone\.zip is missing; next: put the corpus there"):
        entries(tmp_path / "gone.zip", lambda _: True, 100)
    (tmp_path / "empty.zip").touch()
    with pytest.raises(RadimpressError, match=r"is empty \(0 bytes\); next: download"):
        entries(tmp_path / "empty.zip", lambda _: True, 100)
    with pytest.raises(RadimpressError, match="is a folder or device, not a file"):
        require_file(tmp_path)
