"""DVC's hashes, computed from the bytes each time: DVC itself trusts modification times.

Format: a file is the md5 of its bytes; a folder is the md5, with ".dir" behind it, of the JSON list
of `{"md5", "relpath"}` sorted by relpath (dvc-data, `Tree.as_bytes`).
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

from radimpress.runtime.digests import file_md5

Ignored = Callable[[Path], bool]


def tree(folder: Path, ignored: Ignored) -> dict[str, str]:
    """Relative path to md5 for every file below `folder` that DVC does not ignore."""
    return {p.relative_to(folder).as_posix(): file_md5(p) for p in _files(folder, ignored)}


def tree_md5(entries: dict[str, str]) -> str:
    """The folder hash of such a tree."""
    rows = [{"md5": md5, "relpath": name} for name, md5 in sorted(entries.items())]
    text = json.dumps(rows, sort_keys=True).encode()
    return hashlib.md5(text, usedforsecurity=False).hexdigest() + ".dir"


def cache_path(cache: Path, md5: str) -> Path:
    """Where DVC 3 keeps the object of this hash."""
    return cache / "files" / "md5" / md5[:2] / md5[2:]


def _files(folder: Path, ignored: Ignored) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if ignored(path):
            continue
        if path.is_dir():
            yield from _files(path, ignored)
        else:
            yield path
