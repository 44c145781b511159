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
from collections.abc import Sequence
from functools import lru_cache

from radimpress.corpus.mediqa_spaces import single_spaced
from radimpress.corpus.section_record import Sections, sections

_HEADER = re.compile(r"\n ([A-Z ()/,-]++):\s")
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


def parse(text: str) -> Sections:
    """The first findings and the first impression that are not blank, cleaned as MEDIQA did."""
    return parse_all([text])[0]


def parse_all(texts: Sequence[str]) -> list[Sections]:
    """What `parse` makes of each text, in a fraction of the time."""
    found: list[str] = []
    for before, findings, impression in map(_located, texts):
        joined = impression.replace("\n", "")
        found += (_background(before), findings.replace("\n", ""), _unbulleted(joined))
    cleaned = iter(single_spaced(found))
    return [sections(*three) for three in zip(cleaned, cleaned, cleaned, strict=True)]


def _located(text: str) -> tuple[str, str, str]:
    """What stands before the first findings with a text, these, and the first impression with one.

    A header begins with a line break, so none is found in the rest of another header's line.
    """
    before = findings = impression = ""
    parts = _HEADER.split(text)
    names = tuple(parts[1::2])
    outline = _outline(names) if len(text) < _LONG else _outline.__wrapped__(names)
    for place, headers in outline[0]:
        if findings := parts[place].strip():
            before = text[: sum(map(len, parts[:place:2])) + headers]
            break
    for place, _ in outline[1]:
        if impression := parts[place].strip():
            break
    return before, findings, impression


Places = list[tuple[int, int]]
"""Places among the parts of a text split at headers, and the letters in headers before each."""


@lru_cache(maxsize=1024)
def _outline(names: tuple[str, ...]) -> tuple[Places, Places]:
    """Where a text with headers of those names has findings, and where an impression.

    Reports share a few hundred such outlines.
    """
    places: dict[str, Places] = {_FINDINGS: [], _IMPRESSION: []}
    letters = 0
    for number, name in enumerate(names):
        letters += len(name) + _AROUND_NAME
        if (section := _section(name)) in places:
            places[section].append((2 * number + 2, letters))
    return places[_FINDINGS], places[_IMPRESSION]


def _section(header: str) -> str:
    name = header.lower().strip()
    if name in _WHOLE_NAMES:
        return _WHOLE_NAMES[name]
    if part := next((part for part in _PARTS if part in name), None):
        return part
    return _FINDINGS if _VIEWS.search(name) else _OTHER


def _unbulleted(text: str) -> str:
    if not _MAYBE_BULLET.search(text):
        return text
    if first := _FIRST_BULLET.match(text):
        text = text[first.end() :]
    return _LATER_BULLET.sub(" ", text)


def _background(text: str) -> str:
    """Without the title and the last word of the findings header, which ends the text given."""
    text = text.strip()
    if text.startswith(_TITLE):
        text = text[len(_TITLE) :].lstrip()
    if text.endswith(":"):
        text = text[: text.rfind(" ")].rstrip()  # no space at all: MEDIQA drops the colon alone
    return text
