"""Bytes to text, honestly: what is not UTF-8 is read as Windows-1252 and said to be."""

import codecs

from radimpress.corpus.raw import Fault

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MARKS = (*_UTF16, codecs.BOM_UTF8)


def decode(content: bytes) -> tuple[str, bool] | Fault:
    """The text, and whether it had to be repaired; `NOT_TEXT` for what holds NUL characters.

    Old exports are Windows-1252 far more often than anything else; the few bytes that it does not
    define are taken as Latin-1, so that no byte is lost.
    """
    if content.isascii() and b"\0" not in content:
        return content.decode("ascii"), False
    try:
        encoding = "utf-8"
        if content.startswith(_MARKS):
            encoding = "utf-16" if content.startswith(_UTF16) else "utf-8-sig"
        text, repaired = content.decode(encoding), False
    except UnicodeDecodeError:
        text, repaired = _windows(content), True
    return Fault.NOT_TEXT if "\0" in text else (text, repaired)


def repair(text: str) -> tuple[str, bool]:
    """`text` decoded with errors="surrogateescape": its stray bytes read as Windows-1252."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "".join(_repaired(letter) for letter in text), True
    return text, False


def _repaired(letter: str) -> str:
    if "\udc80" <= letter <= "\udcff":
        return _windows(letter.encode("utf-8", "surrogateescape"))
    return "�" if "\ud800" <= letter <= "\udfff" else letter


def _windows(content: bytes) -> str:
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        return content.decode("latin-1")
