import io
import pickle
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from radimpress.corpus import zip_archive
from radimpress.corpus.archive_entry import Entry
from radimpress.corpus.chunk import CHUNK
from radimpress.corpus.raw import Fault
from radimpress.corpus.zip_archive import zip_entries
from radimpress.corpus.zip_directory import read_directory
from radimpress.corpus.zip_piece import zip_pieces
from radimpress.runtime.errors import RadimpressError

METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
NAMES = st.text(min_size=1, max_size=5).filter(
    lambda name: not name.startswith("\0")
)  # or: no name
FILES = st.tuples(NAMES, st.binary(max_size=60), st.sampled_from(METHODS))


def test_a_piece_is_read_without_the_file_in_another_process() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(2600):
            archive.writestr(f"{number}.txt", f"report {number}")
    directory = read_directory(stream)
    assert directory is not None
    pieces = list(zip_pieces(stream, directory, list(range(0, 2600, 2)), 100))
    assert [len(piece.names) for piece in pieces] == [CHUNK, 1300 - CHUNK]
    carried = pickle.loads(pickle.dumps(pieces))  # noqa: S301 - written here
    assert [entry for piece in carried for entry in piece] == [
        (f"{number}.txt", f"report {number}".encode()) for number in range(0, 2600, 2)
    ]


def test_what_is_too_large_or_not_wanted_is_not_held() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, size in (("a", 10), ("large", 3_000_000), ("b", 10), ("unwanted", 3_000_000)):
            archive.writestr(name, bytes(size))
    directory = read_directory(stream)
    assert directory is not None
    pieces = list(zip_pieces(stream, directory, [0, 1, 2], 100))
    assert max(len(piece.block) for piece in pieces) < 200_000
    assert [content for piece in pieces for _, content in piece] == [
        *(bytes(10), Fault.TOO_LARGE, bytes(10)),
    ]


@given(st.lists(FILES, max_size=5), st.lists(st.tuples(st.integers(0), st.integers(0, 255))))
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_any_archive_reads_as_zipfile_reads_it_or_is_corrupted_where_it_is_damaged(
    tmp_path: Path, files: list[tuple[str, bytes, int]], damage: list[tuple[int, int]]
) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content, method in files:
            archive.writestr(name, content, method)
    data = bytearray(stream.getvalue())
    for place, value in damage[:4]:
        data[place % len(data)] = value
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    found = seen(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zip_archive, "read_directory", lambda _file: None)
        expected = seen(path)
    # An old zipfile also reads an entry whose local header reaches into the next one.
    assert [name for name, _ in found] == [name for name, _ in expected]
    for mine, theirs in zip(found, expected, strict=True):
        assert mine == theirs or (damage and mine[1] is Fault.CORRUPTED)


def seen(path: Path) -> list[Entry]:
    """The entries; none where the archive is refused."""
    try:
        return list(zip_entries(path, lambda _: True, 50).entries)
    except RadimpressError:
        return []
