"""The files of a zip archive, read in place."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from radimpress.corpus.archive_entry import Entries, Entry, Wanted
from radimpress.corpus.chunk import chunked
from radimpress.corpus.zip_content import BROKEN, content_by_zipfile, declared_fault
from radimpress.corpus.zip_directory import read_directory
from radimpress.corpus.zip_piece import ZipPiece, all_believable, zip_pieces
from radimpress.runtime.errors import next_step

_BEGINS = (b"PK\x03\x04", b"PK\x05\x06")


def zip_entries(path: Path, wanted: Wanted, max_bytes: int) -> Entries:
    """Wanted files of the zip at `path`, in the order of its directory.

    Raises RadimpressError where the directory cannot be read; a bad entry is only a bad Entry.
    """
    return _ordinary(path, wanted, max_bytes) or _by_zipfile(path, wanted, max_bytes)


def _ordinary(path: Path, wanted: Wanted, max_bytes: int) -> Entries | None:
    """The entries of an archive without anything unusual; None where zipfile must be asked."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise _refusal(path) from error
    with file:
        directory = read_directory(file)
    if directory is None:
        return None
    places = [place for place, name in enumerate(directory.names) if wanted(name)]
    if not all_believable(directory, places, max_bytes):
        return None

    def pieces() -> Iterator[ZipPiece]:
        with path.open("rb") as file:
            yield from zip_pieces(file, directory, places, max_bytes)

    return Entries(pieces(), len(places))


def _by_zipfile(path: Path, wanted: Wanted, max_bytes: int) -> Entries:
    try:
        archive = zipfile.ZipFile(path)
    except (*BROKEN, NotImplementedError) as error:
        raise _refusal(path) from error
    infos = [info for info in archive.infolist() if wanted(info.filename)]
    return Entries(chunked(_read(archive, infos, max_bytes)), len(infos))


def _read(
    archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], max_bytes: int
) -> Iterator[Entry]:
    with archive:
        for info in infos:
            declared = (info.flag_bits, info.external_attr, info.file_size)
            fault = declared_fault(info.filename, *declared, max_bytes)
            yield info.filename, fault or content_by_zipfile(archive, info, max_bytes)


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
