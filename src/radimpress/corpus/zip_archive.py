"""The files of a zip archive, read in place."""

import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from radimpress.corpus.archive_entry import Entries, Entry, Wanted, is_unsafe
from radimpress.corpus.raw import Fault
from radimpress.runtime.errors import next_step

_BEGINS = (b"PK\x03\x04", b"PK\x05\x06")
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, struct.error),
)
_BUFFER = 1 << 20  # entries lie one behind the other: few reads of the file
_LOCAL = struct.Struct("<4s2x2H16x2H")  # of a local header: signature, flags, method, two lengths
_SIGNATURE = b"PK\x03\x04"
_ORDINARY_FLAGS = 0x80E  # level of deflation, sizes behind the data, UTF-8 name
_SMALL = 1024  # bytes by which deflating may lengthen a short text
_ENCRYPTED = 0x1  # bit 0 of an entry's flags (PKWARE APPNOTE 4.4.4)


def zip_entries(path: Path, wanted: Wanted, max_bytes: int) -> Entries:
    """Wanted files of the zip at `path`, in the order of its directory.

    Raises RadimpressError where the directory cannot be read; a bad entry is only a bad Entry.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (*_BROKEN, NotImplementedError) as error:
        raise _refusal(path) from error
    infos = [info for info in archive.infolist() if wanted(info.filename)]
    return Entries(_read(path, archive, infos, max_bytes), len(infos))


def _read(
    path: Path, archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], max_bytes: int
) -> Iterator[Entry]:
    with archive, path.open("rb", buffering=_BUFFER) as file:
        for info in infos:
            if fault := _declared_fault(info, max_bytes):
                yield Entry(info.filename, fault)
            else:
                content = ordinary_content(file, info)
                yield Entry(
                    info.filename,
                    _content(archive, info, max_bytes) if content is None else content,
                )


def ordinary_content(file: BinaryIO, info: zipfile.ZipInfo) -> bytes | None:
    """The content of an entry without anything unusual; None where zipfile must be asked.

    zipfile spends twice as long on opening an entry as on inflating a report. This reads the same
    bytes with the same checks (header, name, size, checksum; PKWARE APPNOTE 4.3.7) and leaves every
    doubt to it. Never reads or inflates more than the size that the directory declares.
    """
    deflated = info.compress_type == zipfile.ZIP_DEFLATED and not info.flag_bits & ~_ORDINARY_FLAGS
    believable = info.header_offset >= 0 and info.compress_size <= 2 * info.file_size + _SMALL
    if not (deflated and believable):
        return None
    file.seek(info.header_offset)
    header = file.read(_LOCAL.size)
    if len(header) != _LOCAL.size:
        return None
    signature, flags, method, name_length, extra_length = _LOCAL.unpack(header)
    if (signature, flags, method) != (_SIGNATURE, info.flag_bits, info.compress_type):
        return None
    rest = file.read(name_length + extra_length + info.compress_size)
    if rest[:name_length] != info.orig_filename.encode("utf-8") or not info.orig_filename.isascii():
        return None
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = inflater.decompress(rest[name_length + extra_length :], info.file_size + 1)
    except zlib.error:
        return None
    whole = inflater.eof and not inflater.unused_data and len(content) == info.file_size
    return content if whole and zlib.crc32(content) == info.CRC else None


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, max_bytes: int) -> bytes | Fault:
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
