"""The directory of an ordinary zip archive, read in one pass and as columns.

zipfile makes an object of every entry, which takes as long as inflating it. This reads the same
records (PKWARE APPNOTE 4.3.12 to 4.3.16) and gives up on whatever is not plain, so that zipfile
judges it: a comment, bytes before the archive, entries that overlap or lie out of order, sizes of
ZIP64 (a ZIP64 end record, which more than 65,535 entries need, is read).
"""

import struct
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np

_END = struct.Struct("<4s4H2LH")  # signature, disks, entries, size, start, length of the comment
_LOCATOR = struct.Struct("<4sLQL")  # signature, disk, where the ZIP64 end record is, disks
_END64 = struct.Struct("<4sQ2H2L4Q")  # signature, length, versions, disks, entries, size, start
_TAIL = _END.size + _LOCATOR.size + _END64.size
_SIGNATURE = b"PK\x01\x02"
_HEADER = np.dtype(
    [
        *(("signature", "<u4"), ("made_by", "<u2"), ("version", "u1"), ("reserved", "u1")),
        *(("flags", "<u2"), ("method", "<u2"), ("time", "<u4"), ("checksum", "<u4")),
        *(("packed", "<u4"), ("size", "<u4"), ("name_length", "<u2"), ("extra_length", "<u2")),
        *(("comment_length", "<u2"), ("disk", "<u2"), ("internal", "<u2"), ("external", "<u4")),
        ("offset", "<u4"),
    ]
)
LOCAL_HEADER = 30
"""Bytes of an entry before its name."""
_NEWEST_VERSION = 63  # of the format, that zipfile reads
_IN_ZIP64 = 0xFFFFFFFF  # stands for a size or offset that an extra field gives
_KNOWN_ELSEWHERE = (0x0001, 0x7075)  # extra fields that zipfile reads: ZIP64, name in Unicode
_UTF8 = 0x800  # bit 11 of an entry's flags: the name is UTF-8, else code page 437


@dataclass(frozen=True, slots=True)
class Directory:
    """Entries in their order, which is that of their bytes in the file.

    `headers` has a row of the fields of `_HEADER` for each name; the bytes of an entry lie between
    its offset and the next one's, the last before `end`.
    """

    names: list[str]
    headers: Any
    end: int


def read_directory(file: BinaryIO) -> Directory | None:
    """The directory of the zip archive `file`; None where zipfile must be asked."""
    extent = _extent(file)
    if extent is None:
        return None
    start, size, count = extent
    file.seek(start)
    data = file.read(size)
    places = _places(data)
    if len(places) != count or not count or places[-1] + _HEADER.itemsize > size:
        return None
    windows = np.lib.stride_tricks.sliding_window_view(
        np.frombuffer(data, np.uint8), _HEADER.itemsize
    )
    headers = windows[places].view(_HEADER)[:, 0]
    if not (_is_chain(places, headers, size) and _is_plain(headers, start)):
        return None
    names = _names(data, places, headers)
    return None if names is None else Directory(names, headers, start)


def encoded(name: str, flags: int) -> bytes:
    """The bytes of a name in the archive."""
    return name.encode() if flags & _UTF8 or name.isascii() else name.encode("cp437")


def _extent(file: BinaryIO) -> tuple[int, int, int] | None:
    """Where the directory starts, its bytes and its entries; it must end where the ends begin."""
    length = file.seek(0, 2)
    file.seek(max(0, length - _TAIL))
    tail = file.read()
    if len(tail) < _END.size:
        return None
    signature, disk, first, here, count, size, start, comment = _END.unpack(tail[-_END.size :])
    if signature != b"PK\x05\x06" or disk or first or here != count or comment:
        return None
    end = length - _END.size
    if tail[-_END.size - _LOCATOR.size :].startswith(b"PK\x06\x07"):
        end = length - _TAIL
        if end < 0:
            return None
        signature, _, _, _, disk, first, here, count, size, start = _END64.unpack_from(tail)
        _, located, place, disks = _LOCATOR.unpack_from(tail, _END64.size)
        single = not (located or disk or first) and disks == 1
        if signature != b"PK\x06\x06" or not single or place != end or here != count:
            return None
    return (start, size, count) if start + size == end else None


def _places(data: bytes) -> Any:
    """Where the signature of a record stands."""
    letters = np.frombuffer(data, np.uint8)
    places = np.flatnonzero(letters[: -len(_SIGNATURE)] == _SIGNATURE[0])
    for number, letter in enumerate(_SIGNATURE):
        places = places[letters[places + number] == letter]
    return places


def _is_chain(places: Any, headers: Any, size: int) -> bool:
    """Whether each record begins where the one before ends, and the last ends the directory."""
    lengths = sum(
        headers[f"{part}_length"].astype(np.int64) for part in ("name", "extra", "comment")
    )
    ends = places + _HEADER.itemsize + lengths
    return places[0] == 0 and ends[-1] == size and bool((ends[:-1] == places[1:]).all())


def _is_plain(headers: Any, start: int) -> bool:
    """Whether no entry needs ZIP64 or another disk, or shares bytes with another."""
    offsets, packed = headers["offset"].astype(np.int64), headers["packed"].astype(np.int64)
    least = offsets + LOCAL_HEADER + headers["name_length"] + packed
    return not (
        (headers["version"] > _NEWEST_VERSION).any()
        or headers["disk"].any()
        or any((headers[name] == _IN_ZIP64).any() for name in ("packed", "size", "offset"))
        or (least > np.append(offsets[1:], start)).any()
    )


def _names(data: bytes, places: Any, headers: Any) -> list[str] | None:
    """The names; None where one is not what it seems, or an extra field changes its entry."""
    names: list[str] = []
    text = data.decode("latin-1")  # ASCII names are cut out of it without being decoded one by one
    starts = (places + _HEADER.itemsize).tolist()
    columns = (headers[name].tolist() for name in ("name_length", "extra_length", "flags"))
    for start, length, extra, flags in zip(starts, *columns, strict=True):
        end = start + length
        name: str | None = text[start:end]
        if not text[start:end].isascii():
            name = _decoded(data[start:end], flags)
        if name is None:
            return None
        if extra and not _is_harmless(data[end : end + extra]):
            return None
        names.append(name)
    return None if any("\0" in name for name in names) else names


def _decoded(name: bytes, flags: int) -> str | None:
    if name.isascii():
        return name.decode()
    try:
        return name.decode("utf-8" if flags & _UTF8 else "cp437")
    except UnicodeDecodeError:
        return None


def _is_harmless(extra: bytes) -> bool:
    """Whether extra fields are whole and none of them is read by zipfile."""
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        if kind in _KNOWN_ELSEWHERE or length + 4 > len(extra):
            return False
        extra = extra[length + 4 :]
    return True
