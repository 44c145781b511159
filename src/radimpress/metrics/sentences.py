"""Sentences of report text, without their list numbers."""

import re

_NO_ABBREVIATION = "".join(
    rf"(?<!\b(?i:{short}))" for short in ("vs", "dr", r"e\.g", r"i\.e", "approx")
)
_END = re.compile(
    rf"{_NO_ABBREVIATION}[.!]+(?=\s|$)"  # a stop before white space: decimals stay whole
    r"|(?<=\w\?)\s+(?=[A-Z])"  # the mark stays: it says that the finding is doubtful
    r"|\n\s*(?:\n|[-*•]\s)\s*",  # an empty line, a bullet
)
_LOST_SPACE = re.compile(r"(?<=[a-z]{2})\.(?=[A-Z][a-z])")
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


def sentences(text: str) -> list[str]:
    """Split into sentences: stripped, single-spaced, never empty, case kept.

    A list number ends the sentence before it and is dropped; so do line breaks with a bullet and
    empty lines. Abbreviations ("vs.", "Dr.") and decimals do not end one.
    """
    pieces: list[str] = []
    start = 0
    for low, high in list_numbers(text):
        pieces.append(text[start:low])
        start = high
    pieces.append(text[start:])
    parts = (part for piece in pieces for part in _END.split(_LOST_SPACE.sub(". ", piece)))
    return [" ".join(part.split()) for part in parts if any(map(str.isalpha, part))]
