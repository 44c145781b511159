"""The files of a zip archive, read in place."""

import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from radimpress.corpus.archive_entry import Entries, Entry, Wanted, is_unsafe
from radimpress.corpus.raw import Fault
from radimpress.runtime.errors import next_step

_BEGINS = (b"PK\x03\x04", b"PK\x05\x06")
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, struct.error),
)
_ENCRYPTED = 0x1  # bit 0 of an entry's flags (PKWARE APPNOTE 4.4.4)


def zip_entries(path: Path, wanted: Wanted, max_bytes: int) -> Entries:
    """Wanted files of the zip at `path`, in the order of its directory.

    Raises RadimpressError where the directory cannot be read; a bad entry is only a bad Entry.
    """
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN as error:
        raise _refusal(path) from error
    infos = [info for info in archive.infolist() if wanted(info.filename)]
    return Entries(_read(archive, infos, max_bytes), len(infos))


def _read(
    archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], max_bytes: int
) -> Iterator[Entry]:
    with archive:
        for info in infos:
            yield Entry(info.filename, _content(archive, info, max_bytes))


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, max_bytes: int) -> bytes | Fault:
    if fault := _declared_fault(info, max_bytes):
        return fault
    try:
        with archive.open(info) as stream:
            content = stream.read(max_bytes + 1)
    except NotImplementedError:
        return Fault.UNSUPPORTED_COMPRESSION
    except _BROKEN:
        return Fault.CORRUPTED
    return Fault.TOO_LARGE if len(content) > max_bytes else content


def _declared_fault(info: zipfile.ZipInfo, max_bytes: int) -> Fault | None:
    if is_unsafe(info.filename):
        return Fault.UNSAFE_NAME
    if stat.S_ISLNK(info.external_attr >> 16):
        return Fault.LINK
    if info.flag_bits & _ENCRYPTED:
        return Fault.ENCRYPTED
    return Fault.TOO_LARGE if info.file_size > max_bytes else None


def _refusal(path: Path) -> Exception:
    with path.open("rb") as stream:
        begins_as_zip = stream.read(4) in _BEGINS
    if begins_as_zip:
        return next_step(
            f"{path} ({path.stat().st_size:,} bytes) begins as a zip but is damaged or cut off",
            "download it again and compare its size or checksum with the publisher's",
        )
    return next_step(
        f"{path} is no zip archive", "give data.path the zip as it was published, or a folder"
    )
