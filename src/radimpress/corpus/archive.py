"""The files of a corpus, whether it is a folder, a zip or a tar; safe against hostile archives.

Nothing is ever unpacked to disk: an entry's name is looked at and never opened as a path. No entry
is read beyond `max_bytes`, whatever size it declares or inflates to.
"""

import zipfile
from pathlib import Path

from radimpress.corpus.archive_entry import Entries, Wanted
from radimpress.corpus.folder_tree import folder_entries
from radimpress.corpus.tar_archive import tar_entries
from radimpress.corpus.zip_archive import zip_entries
from radimpress.runtime.errors import next_step

_TAR_SUFFIXES = (".tar", ".tgz", ".tar.gz")


def entries(path: Path, wanted: Wanted, max_bytes: int) -> Entries:
    """The wanted files at `path`. Raises RadimpressError where it is missing or is no archive."""
    if path.is_dir():
        return folder_entries(path, wanted, max_bytes)
    require_file(path)
    if path.name.lower().endswith(_TAR_SUFFIXES) and not zipfile.is_zipfile(path):
        return tar_entries(path, wanted, max_bytes)
    return zip_entries(path, wanted, max_bytes)


def require_file(path: Path) -> None:
    """Raise RadimpressError where `path` is no file, is empty, or may not be read."""
    if not path.exists():
        raise next_step(
            f"{path} is missing",
            "put the corpus there, or name its place with data.path=... (docs/data-sources.md)",
        )
    if not path.is_file():
        raise next_step(f"{path} is a folder or device, not a file", "give data.path the file")
    if path.stat().st_size == 0:
        raise next_step(f"{path} is empty (0 bytes)", "download or export it again")
