"""The bytes of one entry of a zip archive, or why they cannot be had."""

import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any

from radimpress.corpus.archive_entry import all_surely_safe, is_unsafe
from radimpress.corpus.raw import Fault

BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, struct.error),
)
"""What zipfile raises for archives that are damaged."""

_LOCAL = struct.Struct("<4s2x2H16x2H")  # of a local header: signature, flags, method, two lengths
_SIGNATURE = b"PK\x03\x04"
_ORDINARY_FLAGS = 0x80E  # level of deflation, sizes behind the data, UTF-8 name
_TYPE_BITS = 12  # of a file's mode, below those of its type
_ENCRYPTED = 0x1  # bit 0 of an entry's flags (PKWARE APPNOTE 4.4.4)
_LENGTHENED = 1024  # bytes by which deflating may lengthen a short text
_RAW = -zlib.MAX_WBITS  # deflated data without a header of its own
_ROOM = 258  # bytes of the longest match: with less room left zlib inflates letter by letter


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


def plain_content(
    block: bytes, start: int, name: bytes, flags: int, method: int, checksum: int, packed: int,
    size: int,
) -> bytes | Fault | None:  # fmt: skip
    """The content of the entry whose local header is at `start`; None where zipfile must be asked.

    `block` holds every byte that may belong to the entry: one that reaches beyond it is damaged.

    zipfile spends twice as long on opening an entry as on inflating a report. This reads the same
    bytes with the same checks (header, name, size, checksum; PKWARE APPNOTE 4.3.7) and leaves every
    doubt to it. Never inflates more than `_ROOM` beyond the `size` that the directory declares.
    """
    if flags & ~_ORDINARY_FLAGS or len(block) < start + _LOCAL.size:
        return None
    named = start + _LOCAL.size
    signature, local_flags, local_method, name_length, extra = _LOCAL.unpack_from(block, start)
    if (signature, local_flags, local_method) != (_SIGNATURE, flags, method):
        return None
    begin = named + name_length
    if block[named:begin] != name:
        return None
    begin += extra
    if begin + packed > len(block):
        return Fault.CORRUPTED
    content = block[begin : begin + packed]
    if method == zipfile.ZIP_DEFLATED:
        inflated = _inflated(content, size)
    else:
        inflated = content if method == zipfile.ZIP_STORED and packed == size else None
    if inflated is None or len(inflated) != size:
        return None
    return inflated if zlib.crc32(inflated) == checksum else None


def _inflated(packed: bytes, size: int) -> bytes | None:
    """What `packed` inflates to, cut some way behind `size` bytes; None where it is not whole."""
    inflater = zlib.decompressobj(_RAW)
    try:
        content = inflater.decompress(packed, size + _ROOM)
    except zlib.error:
        return None
    return None if inflater.unused_data or not inflater.eof else content


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
