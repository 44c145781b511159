"""The bytes of one entry of a zip archive, or why they cannot be had."""

import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any

from radimpress.corpus.archive_entry import all_surely_safe, is_unsafe
from radimpress.corpus.inflater import inflated
from radimpress.corpus.raw import Fault

BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, struct.error),
)
"""What zipfile raises for archives that are damaged."""

_TYPE_BITS = 12  # of a file's mode, below those of its type
_ENCRYPTED = 0x1  # bit 0 of an entry's flags (PKWARE APPNOTE 4.4.4)
_LENGTHENED = 1024  # bytes by which deflating may lengthen a short text


def declared_fault(name: str, flags: int, external: int, size: int, max_bytes: int) -> Fault | None:
    """Why an entry is not read at all, by what the directory says of it."""
    if is_unsafe(name):
        return Fault.UNSAFE_NAME
    if stat.S_ISLNK(external >> 16):
        return Fault.LINK
    if flags & _ENCRYPTED:
        return Fault.ENCRYPTED
    return Fault.TOO_LARGE if size > max_bytes else None


def any_declared_fault(
    names: Sequence[str], flags: Any, external: Any, sizes: Any, max_bytes: int
) -> bool:
    """Whether some entry may have a declared fault; the columns are arrays of its arguments."""
    links = external >> (16 + _TYPE_BITS) == stat.S_IFLNK >> _TYPE_BITS
    faulty = links | (flags & _ENCRYPTED != 0) | (sizes > max_bytes)
    return bool(faulty.any()) or not all_surely_safe(names)


def largest_packed(size: int) -> int:
    """The most bytes that an honest entry of `size` bytes takes in the archive."""
    return 2 * size + _LENGTHENED


def plain_content(packed: bytes, method: int, checksum: int, size: int) -> bytes | None:
    """What the bytes of an entry hold; None where zipfile must be asked.

    Size and checksum are those that the directory declares; not much more than `size` is inflated.
    """
    if method == zipfile.ZIP_DEFLATED:
        content = inflated(packed, size)
    else:
        content = packed if method == zipfile.ZIP_STORED and len(packed) == size else None
    return content if content is not None and zlib.crc32(content) == checksum else None


def content_by_zipfile(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, max_bytes: int
) -> bytes | Fault:
    """The content of any entry, as zipfile reads it."""
    try:
        with archive.open(info) as stream:
            content = stream.read(max_bytes + 1)
    except NotImplementedError:
        return Fault.UNSUPPORTED_COMPRESSION
    except BROKEN:
        return Fault.CORRUPTED
    return Fault.TOO_LARGE if len(content) > max_bytes else content
