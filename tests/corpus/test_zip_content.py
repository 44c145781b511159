import stat
import zipfile
import zlib

import numpy as np
import pytest

from radimpress.corpus.raw import Fault
from radimpress.corpus.zip_content import (
    any_declared_fault,
    declared_fault,
    largest_packed,
    plain_content,
)

TEXT = b"No acute disease. " * 20
DEFLATED = zlib.compressobj(wbits=-15)
PACKED = zipfile.ZIP_DEFLATED, DEFLATED.compress(TEXT) + DEFLATED.flush()
STORED = zipfile.ZIP_STORED, TEXT


@pytest.mark.parametrize("packed", [PACKED, STORED])
def test_deflated_and_stored_content_is_read(packed: tuple[int, bytes]) -> None:
    assert plain_content(packed[1], packed[0], zlib.crc32(TEXT), len(TEXT)) == TEXT


@pytest.mark.parametrize(
    ("method", "packed", "size"),
    [
        (zipfile.ZIP_DEFLATED, PACKED[1][:-1], len(TEXT)),
        (zipfile.ZIP_DEFLATED, PACKED[1], len(TEXT) - 1),
        (zipfile.ZIP_STORED, TEXT.upper(), len(TEXT)),
        (zipfile.ZIP_STORED, TEXT, len(TEXT) + 1),
        (zipfile.ZIP_BZIP2, TEXT, len(TEXT)),
    ],
)
def test_a_doubt_is_left_to_zipfile(method: int, packed: bytes, size: int) -> None:
    assert plain_content(packed, method, zlib.crc32(TEXT), size) is None


@pytest.mark.parametrize(
    ("name", "flags", "external", "size", "expected"),
    [
        ("p1/s1.txt", 0, 0, 10, None),
        ("p1/s1.txt", 0, 0, 11, Fault.TOO_LARGE),
        ("p1/s1.txt", 1, 0, 10, Fault.ENCRYPTED),
        ("p1/s1.txt", 0, (stat.S_IFLNK | 0o777) << 16, 10, Fault.LINK),
        ("../s1.txt", 0, 0, 10, Fault.UNSAFE_NAME),
    ],
)
def test_what_is_declared_decides_whether_an_entry_is_read(
    name: str, flags: int, external: int, size: int, expected: Fault | None
) -> None:
    assert declared_fault(name, flags, external, size, 10) is expected


@pytest.mark.parametrize(
    ("name", "flags", "external", "size"),
    [
        ("p1/s1.txt", 0, 0, 11),
        ("p1/s1.txt", 1, 0, 10),
        ("p1/s1.txt", 0, (stat.S_IFLNK | 0o777) << 16, 10),
        ("../s1.txt", 0, 0, 10),
    ],
)
def test_one_entry_that_is_not_read_is_seen_among_others(
    name: str, flags: int, external: int, size: int
) -> None:
    regular = (stat.S_IFREG | 0o600) << 16
    columns = np.array([(0x80E, flags), (regular, external), (10, size)], np.uint32)
    assert any_declared_fault(["p1/s2.txt", name], *columns, 10)
    assert not any_declared_fault(["p1/s2.txt"], *columns[:, :1], 10)


def test_deflating_never_lengthens_a_text_beyond_what_is_believed() -> None:
    deflater = zlib.compressobj(0, wbits=-15)
    noise = bytes(range(256)) * 300
    assert len(deflater.compress(noise) + deflater.flush()) <= largest_packed(len(noise))
