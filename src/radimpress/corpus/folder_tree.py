"""The files of an unpacked corpus."""

import os
from collections.abc import Iterator
from pathlib import Path

from radimpress.corpus.archive_entry import Entries, Entry, Wanted
from radimpress.corpus.chunk import chunked
from radimpress.corpus.raw import Fault


def folder_entries(folder: Path, wanted: Wanted, max_bytes: int) -> Entries:
    """Wanted files below `folder`, sorted by name; links are not followed."""
    names = sorted(
        (Path(parent) / name).relative_to(folder).as_posix()
        for parent, _, names in os.walk(folder, followlinks=False)
        for name in names
    )
    names = [name for name in names if wanted(name)]
    return Entries(chunked(_read(folder, names, max_bytes)), len(names))


def _read(folder: Path, names: list[str], max_bytes: int) -> Iterator[Entry]:
    for name in names:
        path = folder / name
        if path.is_symlink():
            yield name, Fault.LINK
        elif not path.is_file():
            yield name, Fault.UNREADABLE  # a device or a pipe: reading it may never end
        else:
            yield name, _content(path, max_bytes)


def _content(path: Path, max_bytes: int) -> bytes | Fault:
    try:
        with path.open("rb") as stream:
            content = stream.read(max_bytes + 1)
    except OSError:
        return Fault.UNREADABLE
    return Fault.TOO_LARGE if len(content) > max_bytes else content
