import io
import struct
import zipfile

import pytest

from radimpress.corpus.zip_directory import encoded, read_directory


def archive_of(*names: str, comment: bytes = b"", extra: bytes = b"") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            info = zipfile.ZipInfo(name)
            info.extra = extra
            archive.writestr(info, f"content of {name}")
        archive.comment = comment
    return stream.getvalue()


def test_the_columns_are_what_zipfile_reads() -> None:
    data = archive_of("p1/s1.txt", "é.txt", "ü", extra=struct.pack("<HH3s", 0x5455, 3, b"abc"))
    directory = read_directory(io.BytesIO(data))
    assert directory is not None
    infos = zipfile.ZipFile(io.BytesIO(data)).infolist()
    assert directory.names == [info.filename for info in infos]
    for field, attribute in {
        "offset": "header_offset",
        "packed": "compress_size",
        "size": "file_size",
        "checksum": "CRC",
        "flags": "flag_bits",
        "external": "external_attr",
    }.items():
        assert directory.headers[field].tolist() == [getattr(info, attribute) for info in infos]


def test_more_entries_than_the_old_end_record_can_count_are_read() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(0x10000):
            archive.writestr(zipfile.ZipInfo(f"{number}"), b"")
    directory = read_directory(stream)
    assert directory is not None
    assert directory.names == [f"{number}" for number in range(0x10000)]


ORDINARY = archive_of("a.txt", "b.txt")
END = len(ORDINARY) - 22
SECOND = ORDINARY.rfind(b"PK\x01\x02")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK",
        archive_of(),
        archive_of("a.txt", comment=b"PK\x05\x06"),
        archive_of("a.txt", extra=struct.pack("<HH4s", 0x7075, 4, b"name")),
        b"#!/bin/sh\n" + ORDINARY,
        ORDINARY + b"x",
        ORDINARY[: END + 10] + b"\x03\x00" + ORDINARY[END + 12 :],  # three entries
        ORDINARY[: SECOND + 6] + b"\x40" + ORDINARY[SECOND + 7 :],  # of a later version
        ORDINARY[: SECOND + 42] + bytes(4) + ORDINARY[SECOND + 46 :],  # the bytes of the first
        ORDINARY[: SECOND + 24] + b"\xff" * 4 + ORDINARY[SECOND + 28 :],  # the size in ZIP64
        ORDINARY.replace(b"b.txt", b"\0.txt"),
        ORDINARY[: SECOND + 30] + b"\xff" + ORDINARY[SECOND + 31 :],  # the record's own end
    ],
)
def test_what_is_not_plain_is_left_to_zipfile(data: bytes) -> None:
    assert read_directory(io.BytesIO(data)) is None


@pytest.mark.parametrize(("flags", "expected"), [(0x800, b"\xc3\xa9"), (0, b"\x82")])
def test_a_name_is_encoded_as_its_flags_say(flags: int, expected: bytes) -> None:
    assert encoded("é", flags) == expected
