"""The files of a tar archive (.tar, .tgz, .tar.gz), read from front to back."""

import gzip
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from radimpress.corpus.archive_entry import Entries, Entry, Wanted, is_unsafe
from radimpress.corpus.chunk import chunked
from radimpress.corpus.raw import Fault
from radimpress.runtime.errors import next_step

_BROKEN = (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, MemoryError)
_GZIP_MAGIC = b"\x1f\x8b"
_LARGEST_READ = 64 * 2**20  # no honest tar header is larger; a hostile one claims gigabytes


class _BoundedGzip(gzip.GzipFile):
    """Refuses to inflate more than `_LARGEST_READ` into one buffer."""

    def read(self, size: int | None = -1) -> bytes:
        if size is None or not 0 <= size <= _LARGEST_READ:
            raise tarfile.ReadError("an entry header claims an absurd size")
        return super().read(size)


def tar_entries(path: Path, wanted: Wanted, max_bytes: int) -> Entries:
    """Wanted files of the tar at `path`, in its order; links and devices are faults.

    Raises RadimpressError, also while reading, where the archive itself is damaged or cut off.
    """
    return Entries(chunked(_read(path, wanted, max_bytes)))


def _read(path: Path, wanted: Wanted, max_bytes: int) -> Iterator[Entry]:
    try:
        with path.open("rb") as start:
            zipped = start.read(2) == _GZIP_MAGIC
        opener = _BoundedGzip if zipped else open
        with (
            cast("IO[bytes]", opener(path, "rb")) as stream,
            tarfile.open(fileobj=stream, mode="r:") as archive,
        ):
            while (member := archive.next()) is not None:
                archive.members = []  # type: ignore[attr-defined]  # tarfile keeps every header it met
                if not member.isdir() and wanted(member.name):
                    yield member.name, _content(archive, member, max_bytes)
    except _BROKEN as error:
        raise next_step(
            f"{path} ({path.stat().st_size:,} bytes) is no tar archive, or is damaged or cut off",
            "download it again, or give data.path the unpacked folder",
        ) from error


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo, max_bytes: int) -> bytes | Fault:
    if is_unsafe(member.name):
        return Fault.UNSAFE_NAME
    if not member.isreg():
        return Fault.LINK if member.issym() or member.islnk() else Fault.UNREADABLE
    if member.size > max_bytes:
        return Fault.TOO_LARGE
    stream = archive.extractfile(member)
    return stream.read(max_bytes) if stream else Fault.UNREADABLE
