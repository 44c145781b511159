"""Content hashes: one of a file as DVC names it, one of a whole folder."""

import hashlib
from pathlib import Path

CHUNK = 1 << 20


def file_md5(path: Path) -> str:
    """The md5 of a file's bytes, 32 hex digits: what DVC calls the same file."""
    return _file_digest(path, "md5")


def folder_sha256(folder: Path) -> str:
    """The sha256 over the names and contents of every file below `folder`, sorted by name."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        digest.update(f"{name}\0{_file_digest(path, 'sha256')}\n".encode())
    return digest.hexdigest()


def _file_digest(path: Path, kind: str) -> str:
    digest = hashlib.new(kind, usedforsecurity=False)
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
