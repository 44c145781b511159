import builtins
import importlib
import zipfile
import zlib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from radimpress.corpus import inflater, zip_content
from radimpress.corpus.archive_entry import Entry
from radimpress.corpus.inflater import inflated
from radimpress.corpus.zip_archive import zip_entries

ENGINES = pytest.mark.parametrize("engine", [zlib, inflater.FASTEST])
TEXT = b"No acute disease. " * 20


def packed(text: bytes, level: int = 6, strategy: int = zlib.Z_DEFAULT_STRATEGY) -> bytes:
    deflater = zlib.compressobj(level, wbits=-15, strategy=strategy)
    return deflater.compress(text) + deflater.flush()


@ENGINES
def test_whole_data_of_the_size_declared_are_inflated(engine: ModuleType) -> None:
    assert inflated(packed(TEXT), len(TEXT), engine) == TEXT
    assert inflated(packed(b""), 0, engine) == b""


@ENGINES
@pytest.mark.parametrize(
    ("data", "size"),
    [
        (packed(TEXT)[:-1], len(TEXT)),
        (packed(TEXT) + b"x", len(TEXT)),
        (packed(TEXT), len(TEXT) - 1),
        (packed(TEXT), len(TEXT) + 1),
        (packed(TEXT), 0),
        (b"\xff" * 9, len(TEXT)),
        (b"", 0),
    ],
)
def test_damaged_data_and_other_sizes_are_refused(
    engine: ModuleType, data: bytes, size: int
) -> None:
    assert inflated(data, size, engine) is None


@ENGINES
def test_a_bomb_is_not_inflated_beyond_its_declared_size(engine: ModuleType) -> None:
    seen: list[int] = []

    class Watched:
        error = engine.error

        @staticmethod
        def decompressobj(wbits: int) -> Any:
            inner = engine.decompressobj(wbits)

            class Inflater:
                def decompress(self, data: bytes, most: int) -> bytes:
                    content: bytes = inner.decompress(data, most)
                    seen.append(len(content))
                    return content

                def __getattr__(self, name: str) -> Any:
                    return getattr(inner, name)

            return Inflater()

    assert inflated(packed(bytes(50_000_000), 9), 1000, Watched) is None
    assert seen == [1258]


@given(
    st.lists(st.sampled_from([b"No acute disease. ", b"Clear.", b"\n ", b"\0\xff"]), max_size=60),
    st.sampled_from([0, 1, 6, 9]),
    st.sampled_from([zlib.Z_DEFAULT_STRATEGY, zlib.Z_HUFFMAN_ONLY, zlib.Z_FIXED]),
    st.lists(st.tuples(st.integers(0), st.integers(0, 7)), max_size=3),
)
@example([b"Clear."] * 20, 6, zlib.Z_DEFAULT_STRATEGY, [(0, 1)])
@settings(max_examples=500, deadline=None)
def test_what_passes_the_checksum_is_the_same_by_either(
    words: list[bytes], level: int, strategy: int, flips: list[tuple[int, int]]
) -> None:
    text = b"".join(words)
    data = bytearray(packed(text, level, strategy))
    for place, bit in flips:
        data[place % len(data)] ^= 1 << bit

    def checked(engine: ModuleType) -> bytes | None:
        content = inflated(bytes(data), len(text), engine)
        return content if content is not None and zlib.crc32(content) == zlib.crc32(text) else None

    assert checked(inflater.FASTEST) == checked(zlib)


@ENGINES
def test_a_damaged_archive_has_the_same_faults(
    engine: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(300):
            archive.writestr(f"{number:03}.txt", TEXT[: number + 20])
    places = [info.header_offset + 30 + 7 for info in archive.infolist()]
    data = bytearray(path.read_bytes())
    for number, place in enumerate(places[::2]):
        data[place + number % 12] ^= 1 << number % 8
    path.write_bytes(data)

    def seen() -> list[Entry]:
        return list(zip_entries(path, lambda _: True, 1000).entries)

    expected = seen()
    assert len({content for _, content in expected[::2]}) < 10  # nearly all are one fault
    monkeypatch.setattr(zip_content, "inflated", lambda *given: inflated(*given, engine))
    assert seen() == expected


def test_without_isal_zlib_inflates(monkeypatch: pytest.MonkeyPatch) -> None:
    isal_zlib = pytest.importorskip("isal.isal_zlib", reason="no wheel of isal for this machine")
    original = builtins.__import__

    def missing(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("isal"):
            raise ImportError(name)
        return original(name, *rest, **more)

    assert inflater.FASTEST is isal_zlib
    with monkeypatch.context() as patch:
        patch.setattr(builtins, "__import__", missing)
        assert importlib.reload(inflater).FASTEST is zlib
    assert importlib.reload(inflater).FASTEST is isal_zlib
