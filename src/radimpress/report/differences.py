"""Word differences between the reference impression and a system's."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

_WORD = re.compile(r"[a-z0-9]+", re.IGNORECASE)


class Change(Enum):
    """What became of a piece of text on its way from the reference to the system."""

    kept = "kept"
    removed = "removed"  # in the reference only
    added = "added"  # in the system's text only


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text with one fate."""

    change: Change
    text: str


def differences(reference: str, prediction: str) -> list[Piece]:
    """The two texts laid over each other: kept, removed and added pieces in reading order.

    Words are those of ROUGE (runs of a-z and 0-9, case ignored; punctuation goes with the word
    before it), and the kept ones are a longest common subsequence: exactly what ROUGE-L counts.
    Kept words are written as the system wrote them.
    """
    ours, theirs = _words(prediction), _words(reference)
    pieces: list[Piece] = []
    for change, text in _walk(theirs, ours):
        spaced = text if text[-1:].isspace() else f"{text} "
        if pieces and pieces[-1].change is change:
            pieces[-1] = Piece(change, pieces[-1].text + spaced)
        else:
            pieces.append(Piece(change, spaced))
    return pieces


@dataclass(frozen=True, slots=True)
class _Word:
    key: str
    text: str


def _words(text: str) -> list[_Word]:
    """Each word with what stands between it and the next; text before the first word joins it."""
    starts = [match.start() for match in _WORD.finditer(text)]
    keys = [match.group().lower() for match in _WORD.finditer(text)]
    if not starts:
        return [_Word("", text)] if text else []
    starts[0] = 0
    ends = [*starts[1:], len(text)]
    return [_Word(key, text[start:end]) for key, start, end in zip(keys, starts, ends, strict=True)]


def _walk(reference: Sequence[_Word], prediction: Sequence[_Word]) -> Iterator[tuple[Change, str]]:
    """Follow the table of common lengths from the start; removals stand before additions."""
    common = _common_lengths([w.key for w in reference], [w.key for w in prediction])
    i = j = 0
    while i < len(reference) or j < len(prediction):
        in_both = i < len(reference) and j < len(prediction)
        if in_both and reference[i].key == prediction[j].key:
            yield Change.kept, prediction[j].text
            i, j = i + 1, j + 1
        elif j == len(prediction) or (in_both and common[i + 1][j] >= common[i][j + 1]):
            yield Change.removed, reference[i].text
            i += 1
        else:
            yield Change.added, prediction[j].text
            j += 1


def _common_lengths(a: Sequence[str], b: Sequence[str]) -> list[list[int]]:
    """`table[i][j]`: length of the longest common subsequence of a[i:] and b[j:]."""
    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(len(a) - 1, -1, -1):
        row, below = table[i], table[i + 1]
        for j in range(len(b) - 1, -1, -1):
            row[j] = below[j + 1] + 1 if a[i] == b[j] else max(below[j], row[j + 1])
    return table
