"""Sentences of report text, without their list numbers."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_NO_ABBREVIATION = "".join(
    rf"(?<!\b(?i:{short}))" for short in ("vs", "dr", r"e\.g", r"i\.e", "approx")
)
_LOST_SPACE = re.compile(r"(?<=[a-z]{2})\.(?=[A-Z][a-z])")
_END = re.compile(
    # A stop before white space: decimals stay whole. Not begun deep inside a row of stops, which
    # would take a time that grows with the square of its length.
    rf"{_NO_ABBREVIATION}(?<![.!]{{2}})[.!]+(?=\s|$)"
    rf"|{_NO_ABBREVIATION}{_LOST_SPACE.pattern}"
    r"|(?<=\w\?)\s+(?=[A-Z])"  # the mark stays: it says that the finding is doubtful
    r"|\n\s*(?:\n|[-*•]\s)\s*",  # an empty line, a bullet
)
_NUMBER = re.compile(r"(?<![\w./-])\(?(\d{1,2})[.)](?=\s+\S|[A-Z])")


def list_numbers(text: str) -> list[tuple[int, int]]:
    """Spans (start, end) of the numbers that count items ("1. No effusion. 2) Stable heart").

    A number with a stop or bracket counts as one where it opens the text, a line or a sentence, or
    where it opens or continues a list (1, 2 after 1); "rib 7. No" does not.
    """
    spans: list[tuple[int, int]] = []
    last = 0
    for found in _NUMBER.finditer(text):
        value = int(found[1])
        before = text[max(0, found.start() - 8) : found.start()].rstrip(" \t")
        if not before or before[-1] in ".;:!?\n" or value in (1, last + 1):
            spans.append(found.span())
            last = value
    return spans


class Extent(NamedTuple):
    """Where a sentence stands: its words at characters [start, end), its stop up to `stop`."""

    start: int
    end: int
    stop: int


def extents(text: str) -> Iterator[Extent]:
    """The sentences of a text by their places, those without letters ("12.") too, none empty.

    A list number ends the sentence before it and belongs to none; so do line breaks with a bullet
    and empty lines. Abbreviations ("vs.", "Dr.") and decimals do not end one. What is in no extent
    is white space, list numbers and bullets.
    """
    start = 0
    for low, high in [*list_numbers(text), (len(text), len(text))]:
        piece = text[start:low]
        at = 0
        for found in _END.finditer(piece):
            stop = found.end() if found[0][0] in ".!" else found.start()
            yield from _extent(text, start + at, start + found.start(), start + stop)
            at = found.end()
        yield from _extent(text, start + at, low, low)
        start = high


def sentences(text: str) -> list[str]:
    """The sentences that hold letters: stripped, single-spaced, without their stop, case kept."""
    found = (text[start:end] for start, end, _ in extents(text))
    return [plain(each) for each in found if any(map(str.isalpha, each))]


def plain(sentence: str) -> str:
    """A stretch of text as `sentences` gives it: single-spaced, lost spaces put back."""
    return " ".join(_LOST_SPACE.sub(". ", sentence).split())


def _extent(text: str, start: int, end: int, stop: int) -> Iterator[Extent]:
    words = text[start:end]
    first, last = end - len(words.lstrip()), start + len(words.rstrip())
    if first < end:
        yield Extent(first, last, stop if stop > end else last)
    elif stop > end:
        yield Extent(end, end, stop)
