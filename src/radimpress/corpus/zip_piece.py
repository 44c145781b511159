"""Neighbouring entries of a zip archive with their bytes: what one process inflates at a time."""

import io
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np

from radimpress.corpus.archive_entry import Entry
from radimpress.corpus.chunk import CHUNK
from radimpress.corpus.raw import Fault
from radimpress.corpus.zip_content import (
    BROKEN,
    any_declared_fault,
    content_by_zipfile,
    declared_fault,
    largest_packed,
    plain_content,
)
from radimpress.corpus.zip_directory import LOCAL_HEADER, Directory, encoded
from radimpress.corpus.zip_local_header import UNSURE, content_begins

_FIELDS = ("method", "checksum", "packed", "size")
_MOST_BYTES = 1 << 20  # of a piece, unless a single entry is larger
_LONGEST_EXTRA = 0xFFFF
_END = struct.Struct("<4s4H2LH")


@dataclass(frozen=True, slots=True)
class ZipPiece:
    """Entries by name, with their rows of the directory; `block` is the archive from `start` on.

    Iterating reads them. It needs no file, so a piece can be handed to another process.
    """

    names: list[str]
    headers: Any
    block: bytes
    start: int
    max_bytes: int

    def __iter__(self) -> Iterator[Entry]:
        return zip(self.names, self._contents(), strict=True)

    def _contents(self) -> Iterator[bytes | Fault]:
        block, whole = self.block, len(self.block)
        columns = (self.headers[name].tolist() for name in _FIELDS)
        rows = zip(self._faults(), self._begins(), *columns, strict=True)
        for number, (fault, begin, method, checksum, packed, size) in enumerate(rows):
            end = begin + packed
            if fault:
                yield fault
            elif begin == UNSURE:
                yield self._content_by_zipfile(number)
            elif end > whole:
                yield Fault.CORRUPTED
            else:
                content = plain_content(block[begin:end], method, checksum, size)
                yield self._content_by_zipfile(number) if content is None else content

    def _begins(self) -> list[int]:
        places = self.headers["offset"].astype("i8") - self.start
        return content_begins(self.block, places, self._stored_names(), self.headers)

    def _stored_names(self) -> list[bytes]:
        """The names as they stand in the archive."""
        return list(map(encoded, self.names, self.headers["flags"].tolist()))

    def _faults(self) -> list[Fault | None]:
        """Why entries are not read at all, by what the directory says of them."""
        flags, external, sizes = (self.headers[name] for name in ("flags", "external", "size"))
        if not any_declared_fault(self.names, flags, external, sizes, self.max_bytes):
            return [None] * len(self.names)
        rows = zip(self.names, flags.tolist(), external.tolist(), sizes.tolist(), strict=True)
        return [declared_fault(*row, self.max_bytes) for row in rows]

    def _content_by_zipfile(self, number: int) -> bytes | Fault:
        """What zipfile makes of the entry, alone in an archive of its own."""
        header = self.headers[number : number + 1].copy()
        stored = encoded(self.names[number], int(header["flags"][0]))
        at = int(header["offset"][0]) - self.start
        most = LOCAL_HEADER + len(stored) + _LONGEST_EXTRA + int(header["packed"][0])
        header["offset"] = header["extra_length"] = header["comment_length"] = 0
        entry, record = self.block[at : at + most], header.tobytes() + stored
        end = _END.pack(b"PK\x05\x06", 0, 0, 1, 1, len(record), len(entry), 0)
        try:
            with zipfile.ZipFile(io.BytesIO(entry + record + end)) as archive:
                return content_by_zipfile(archive, archive.infolist()[0], self.max_bytes)
        except BROKEN:
            return Fault.CORRUPTED


def zip_pieces(
    file: BinaryIO, directory: Directory, places: list[int], max_bytes: int
) -> Iterator[ZipPiece]:
    """Entries `places` of `directory`, which belongs to `file`, in pieces of bounded size."""
    begins, ends = (bounds[places] for bounds in _bounds(directory, max_bytes))
    ends = np.maximum.accumulate(ends)
    first = 0
    while first < len(places):
        start = int(begins[first])
        most = int(np.searchsorted(ends, start + _MOST_BYTES, "right"))
        last = min(max(first + 1, most), first + CHUNK, len(places))
        chosen = places[first:last]
        file.seek(start)
        block = file.read(int(ends[last - 1]) - start)
        names = [directory.names[place] for place in chosen]
        yield ZipPiece(names, directory.headers[chosen], block, start, max_bytes)
        first = last


def all_believable(directory: Directory, places: list[int], max_bytes: int) -> bool:
    """Whether no entry that will be read takes more bytes than deflating it explains."""
    headers = directory.headers[places]
    sizes = headers["size"].astype("i8")
    return bool(((sizes > max_bytes) | (headers["packed"] <= largest_packed(sizes))).all())


def _bounds(directory: Directory, max_bytes: int) -> tuple[Any, Any]:
    """Where each entry's bytes begin, and where they end at the latest; none of one too large."""
    headers = directory.headers
    begins = headers["offset"].astype("i8")
    nexts = begins.copy()
    nexts[:-1], nexts[-1] = begins[1:], directory.end
    most = begins + LOCAL_HEADER + headers["name_length"] + _LONGEST_EXTRA + headers["packed"]
    ends = most.clip(max=nexts)
    too_large = headers["size"] > max_bytes
    ends[too_large] = begins[too_large]
    return begins, ends
