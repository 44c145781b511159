"""Content hashes: of a file, and of a whole folder."""

import hashlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath


def file_md5(path: Path) -> str:
    """The md5 of a file's bytes, 32 hex digits: what DVC calls the same file."""
    return _file_digest(path, "md5")


def file_sha256(path: Path) -> str:
    """The sha256 of a file's bytes, 64 hex digits."""
    return _file_digest(path, "sha256")


def folder_sha256(folder: Path) -> str:
    """The sha256 over the names and contents of every file below `folder`, sorted by name."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file())
    return names_sha256({p.relative_to(folder).as_posix(): file_sha256(p) for p in paths})


def names_sha256(digests: Mapping[str, str]) -> str:
    """The digest of a folder from those of its files, by name; their order does not matter."""
    lines = (f"{name}\0{digests[name]}\n" for name in sorted(digests, key=PurePosixPath))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _file_digest(path: Path, kind: str) -> str:
    with path.open("rb") as stream:
        found = hashlib.file_digest(stream, lambda: hashlib.new(kind, usedforsecurity=False))
    return found.hexdigest()
