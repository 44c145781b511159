import io
import zipfile

import pytest

from radimpress.corpus.zip_directory import read_directory
from radimpress.corpus.zip_local_header import UNSURE, content_begins

NAMES = [b"p1/s1.txt", b"2.txt", b"3.txt"]


def archive() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name in NAMES:
            made.writestr(name.decode(), b"report " + name)
    return stream.getvalue()


def begins(block: bytes, start: int = 0) -> list[int]:
    directory = read_directory(io.BytesIO(archive()))
    assert directory is not None
    places = directory.headers["offset"].astype("i8") - start
    return content_begins(block, places, NAMES, directory.headers)


def test_the_bytes_of_an_entry_begin_behind_its_name() -> None:
    data = archive()
    places = [data.index(b"report " + name) for name in NAMES]
    assert begins(data) == places
    assert begins(b"before" + data, start=-6) == [place + 6 for place in places]


@pytest.mark.parametrize(
    "place",
    [0, 6, 7, 8, 26, 30, 38],
    ids=["signature", "flags", "more flags", "method", "length", "name", "end of name"],
)
def test_a_header_that_differs_from_the_directory_is_a_doubt(place: int) -> None:
    data = bytearray(archive())
    data[place] ^= 1
    assert begins(bytes(data)) == [UNSURE, *begins(archive())[1:]]


@pytest.mark.parametrize("flags", [0x1, 0x20, 0x2000])
def test_unusual_flags_are_a_doubt_even_where_the_directory_has_them(flags: int) -> None:
    data = bytearray(archive())
    data[6:8] = flags.to_bytes(2, "little")
    directory = read_directory(io.BytesIO(archive()))
    assert directory is not None
    headers = directory.headers.copy()
    headers["flags"][0] = flags
    places = headers["offset"].astype("i8")
    assert content_begins(bytes(data), places, NAMES, headers)[0] == UNSURE


def test_a_header_that_is_cut_off_is_a_doubt() -> None:
    data = archive()
    whole = begins(data)
    second = data.index(b"PK\x03\x04", 4)
    assert begins(data[: second + 29]) == [whole[0], UNSURE, UNSURE]
    assert begins(data[: second + 30 + len(NAMES[1]) - 1]) == [whole[0], UNSURE, UNSURE]
    assert begins(data[:29]) == [UNSURE] * 3
    assert begins(b"") == [UNSURE] * 3
