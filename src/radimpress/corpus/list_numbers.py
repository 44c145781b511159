"""List numbers ("1. No effusion. 2) Stable heart.") told apart from numbers that are content.

A number is content where the prose needs it: "lateral right rib 7. No pneumothorax." A list number
stands where an item can begin, and counts on from the item before it.
"""

import re
from collections.abc import Iterator

# "1." "10." "1)" "(1)" "1.)" "1 ." before a space, the end, a capital or a placeholder; with what
# white space follows.
_MARKER = re.compile(r"(?<!\S)(?P<mark>\(?(?P<number>\d{1,2})\s?(?:\.\)|[.)]))(?:\s+|(?=[A-Z_])|$)")
_MAYBE_MARKER = re.compile(r"\d\s?[.)]")  # looked for first: most texts hold no marker
_SENTENCE_ENDS = (".", ";", ":", "!", "?", ".)", ";)", '."')
_LAST_WORD = re.compile(r"[A-Za-z]+$")
# "rib 7." counts a rib, "from 1 to 2." ends a range: a number after these words is content.
_COUNTED = frozenset(
    (
        *("rib", "ribs", "level", "levels", "segment", "segments", "lobe", "quadrant", "vertebra"),
        *("image", "images", "series", "figure", "part", "grade", "stage", "type", "number"),
        *("measure", "measures", "measuring", "total", "approximately", "nearly", "about", "least"),
        *("day", "days", "and", "or", "to", "thru", "through", "than", "versus", "of", "on", "by"),
        *("a", "at", "the", "around", "greater", "less", "up", "under", "are", "is", "was", "x"),
    )
)
_CONTEXT = 80  # characters before a number that are looked at, so that hostile text costs no more
_LARGEST_GAP = 3  # "4." may follow a list's "1." where two items were cut out


def strip_list_numbers(text: str) -> str:
    """Remove every list number, with the white space after it; other numbers stay.

    >>> strip_list_numbers("1. Fracture of rib 7. No effusion. 2) Stable.")
    'Fracture of rib 7. No effusion. Stable.'
    """
    if not _MAYBE_MARKER.search(text):
        return text
    pieces: list[str] = []
    done = 0
    for start, end in _list_numbers(text):
        pieces.append(text[done:start])
        done = end
    pieces.append(text[done:])
    return "".join(pieces)


def _list_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Spans to cut, each from the mark to the first character of its item."""
    last = 0  # the number of the item before; 0 where no list is open
    opening = len(text) - len(text.lstrip())
    for marker in _MARKER.finditer(text):
        start, end, number = marker.start(), marker.end(), int(marker["number"])
        before = text[max(0, start - _CONTEXT) : start]
        if start > opening:
            if _closes_bracket(before, marker["mark"]):
                continue
            capital = text[end : end + 1].isupper() or text.startswith("_", end)
            if not _begins_item(before, number, last, capital):
                continue
        last = number
        yield start, end


def _begins_item(before: str, number: int, last: int, capital: bool) -> bool:
    """Whether `number` is a list number, given the text before it and the item before it."""
    head = before.rstrip()
    gap = before[len(head) :]
    if head.endswith(_SENTENCE_ENDS) or gap.count("\n") > 1:
        return number == 1 or last <= number <= last + _LARGEST_GAP
    if not capital or number != last + 1:
        return False
    word = _LAST_WORD.search(head)
    counted = word is not None and word[0].lower() in _COUNTED
    if "\n" in gap:
        return last > 0 or not counted
    return last > 0 and not counted


def _closes_bracket(before: str, mark: str) -> bool:
    """Whether the bracket of `mark` closes one before it: "(series 4, image 2) shows"."""
    return mark[0] != "(" and mark[-1] == ")" and before.count("(") > before.count(")")
