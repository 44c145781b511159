"""The official preparation of MEDIQA 2021 Task 3, faults included.

Behaves as Task3/make_mimic_data.py and section_parser.py of github.com/abachaa/MEDIQA2021 do, which
adapt MIT-LCP's section parser for MIMIC-CXR. Written anew from their behaviour, for runs that must
be comparable with published ones; `robust_profile` is the one without these known faults:

- the background is everything before the findings, also an impression or a wet read;
- a number that ends a sentence is taken for a bullet ("rib 7. No" becomes "rib No"), while "10."
  and "1)" are not;
- a line break is deleted, so that words join where a line lacks its leading space;
- headers with `&`, digits or lower case are no headers;
- FINDINGS AND IMPRESSION is an impression.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from radimpress.corpus.section_record import Sections, sections

_HEADER = re.compile(r"\n ([A-Z ()/,-]+):\s")
_RUN_OF_SPACE = re.compile(r"\s\s+")
_FIRST_BULLET = re.compile(r"[0-9]\.\s+")
_MAYBE_BULLET = re.compile(r"\.(?<=[0-9]\.)")  # looks for the full stop first: twice as fast
_LATER_BULLET = re.compile(r"\s[0-9]\.\s+")
_AROUND_NAME = 4  # characters of a header beside its name: line break, space, colon, white space
_TITLE = "FINAL REPORT"
_LONG = 16384  # characters of a text whose headers would take much memory if they were remembered

_FINDINGS, _IMPRESSION, _OTHER = "findings", "impression", "other"

# Headers that the rule knows by their whole name. Only the two that it looks for matter here;
# the others are listed because a known name is not searched for parts ("clinical history").
_WHOLE_NAMES = {
    name: section
    for section, names in {
        _FINDINGS: (
            *("findings", "finding", "findins", "findindgs", "findgings", "findngs", "findnings"),
            *("finidngs", "reference findings", "chest, two views"),
        ),
        _IMPRESSION: (
            *("impression", "conclusion", "findings and impression", "findings/impression"),
            *("findings/ impression", "ndication", "impresson", "imprression", "imoression"),
            *("impressoin", "imprssion", "impresion", "imperssion", "mpression", "impession"),
        ),
    }.items()
    for name in names
}
# Any other header is findings or impression by the first of these words that it contains; the three
# between take a header such as "chest history" out of the running.
_PARTS = ("impression", "findings", "history", "comparison", "addendum")
_VIEWS = re.compile(
    "chest|portable|pa and lateral|lateral and pa|ap and lateral|lateral and ap|frontal and"
    "|two views|frontal view|pa view|ap view|one view|lateral view|bone window|frontal upright"
    "|frontal semi-upright|ribs|pa and lat"
)

Squeeze = Callable[[str], str]
"""Makes one space of every run of white space."""


def parse(text: str) -> Sections:
    """The first findings and the first impression that are not blank, cleaned as MEDIQA did."""
    before, findings, impression = _located(text)
    squeeze = _squeezed_spaces if _is_plain(text) else _squeeze
    return sections(
        _background(before, squeeze), squeeze(_joined(findings)), _unbulleted(impression, squeeze)
    )


def _located(text: str) -> tuple[str, str, str]:
    """What stands before the first findings with a text, these, and the first impression with one.

    A header begins with a line break, so none is found in the rest of another header's line.
    """
    before = findings = impression = ""
    parts = _HEADER.split(text)
    names = tuple(parts[1::2])
    places = _places(names) if len(text) < _LONG else _places.__wrapped__(names)
    for place in places[0]:
        if parts[place].strip():
            findings = parts[place]
            before = text[: sum(map(len, parts[:place])) + _AROUND_NAME * (place // 2)]
            break
    for place in places[1]:
        if parts[place].strip():
            impression = parts[place]
            break
    return before, findings, impression


@lru_cache(maxsize=1024)
def _places(names: tuple[str, ...]) -> tuple[list[int], list[int]]:
    """Which parts of a text split at headers of those names are findings, and which impression.

    Reports share a few hundred such outlines.
    """
    kinds = [_section(name) for name in names]
    found = (
        [n for n, kind in enumerate(kinds) if kind == each] for each in (_FINDINGS, _IMPRESSION)
    )
    findings, impression = ([2 * n + 2 for n in numbers] for numbers in found)
    return findings, impression


def _is_plain(text: str) -> bool:
    """Whether all white space is spaces and line breaks."""
    return text.isascii() and not (
        ("\t" in text or "\r" in text or "\v" in text or "\f" in text)  # a set would be slower
        or ("\x1c" in text or "\x1d" in text or "\x1e" in text or "\x1f" in text)
    )


def _section(header: str) -> str:
    name = header.lower().strip()
    if name in _WHOLE_NAMES:
        return _WHOLE_NAMES[name]
    if part := next((part for part in _PARTS if part in name), None):
        return part
    return _FINDINGS if _VIEWS.search(name) else _OTHER


def _joined(text: str) -> str:
    return text.strip().replace("\n", "")


def _squeezed_spaces(text: str) -> str:
    """Runs of spaces as one, where the text has no other white space and none around it."""
    return " ".join(text.split()) if "  " in text else text


def _squeeze(text: str) -> str:
    return _RUN_OF_SPACE.sub(" ", text)


def _unbulleted(text: str, squeeze: Squeeze) -> str:
    text = _joined(text)
    if first := _FIRST_BULLET.match(text):
        text = text[first.end() :]
    if _MAYBE_BULLET.search(text):
        text = _LATER_BULLET.sub(" ", text)
    return squeeze(text)


def _background(text: str, squeeze: Squeeze) -> str:
    """Without the title and the last word of the findings header, which ends the text given."""
    text = text.strip()
    if text.startswith(_TITLE):
        text = text[len(_TITLE) :].lstrip()
    if text.endswith(":"):
        text = text[: text.rfind(" ")].rstrip()  # no space at all: MEDIQA drops the colon alone
    spaced = text.replace("\n ", "  ")  # a line break and a space are a run
    return _joined(_squeeze(text)) if "\n" in spaced else squeeze(spaced)
