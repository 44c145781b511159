import pytest
from hypothesis import given
from hypothesis import strategies as st

from radimpress.corpus.decoding import decode, repair
from radimpress.corpus.raw import Fault


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"clear", ("clear", False)),
        ("é".encode(), ("é", False)),
        (b"\xef\xbb\xbfclear", ("clear", False)),
        ("clear".encode("utf-16"), ("clear", False)),
        (b"caf\xe9 \x93new\x94", ("café “new”", True)),
        (b"\xe9\x81", ("é\x81", True)),
        (b"a\0b", Fault.NOT_TEXT),
        (b"\xff\xfe\x00", Fault.NOT_TEXT),
    ],
)
def test_bytes_are_decoded_and_repairs_are_told(content: bytes, expected: object) -> None:
    assert decode(content) == expected


@given(st.binary())
def test_any_bytes_are_text_or_a_fault(content: bytes) -> None:
    decoded = decode(content)
    assert decoded is Fault.NOT_TEXT or decoded[0].encode() is not None


@given(st.text())
def test_utf8_is_never_changed(text: str) -> None:
    if "\0" not in text and not text.startswith("\ufeff"):
        assert decode(text.encode()) == (text, False)


def test_stray_bytes_of_a_table_are_mended_one_by_one() -> None:
    cell = "déjà caf".encode() + b"\xe9"
    assert repair(cell.decode("utf-8", "surrogateescape")) == ("déjà café", True)
    assert repair("\ud800x") == ("�x", True)
    assert repair("déjà") == ("déjà", False)
