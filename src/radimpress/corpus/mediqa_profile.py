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
from functools import lru_cache
from itertools import chain

from radimpress.corpus.section_record import Sections, sections

_HEADER = re.compile(r"\n ([A-Z ()/,-]+):\s")
_RUN_OF_SPACE = re.compile(r"\s\s+")
_FIRST_BULLET = re.compile(r"^[0-9]\.\s+")
_LATER_BULLET = re.compile(r"\s[0-9]\.\s+")
_TITLE = "FINAL REPORT"

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


Span = tuple[int, int]
"""Where a section's text starts and ends in the report."""


def parse(text: str) -> Sections:
    """The first findings and the first impression that are not blank, cleaned as MEDIQA did."""
    findings, impression = _located(text)
    return sections(
        _background(text[: findings[0]]) if findings else "",
        _squeeze(_joined(text[slice(*findings)])) if findings else "",
        _unbulleted(text[slice(*impression)]) if impression else "",
    )


def _located(text: str) -> tuple[Span | None, Span | None]:
    """The first findings and the first impression with a text.

    A header begins with a line break, so none is found in the rest of another header's line.
    """
    findings: Span | None = None
    impression: Span | None = None
    section, start = _OTHER, 0
    for header in chain(_HEADER.finditer(text), (None,)):
        end = header.start() if header else len(text)
        if section == _FINDINGS and not findings and text[start:end].strip():
            findings = start, end
        elif section == _IMPRESSION and not impression and text[start:end].strip():
            impression = start, end
        if header is None or (findings and impression):
            break
        section, start = _section(header[1]), header.end()
    return findings, impression


@lru_cache(maxsize=4096)
def _section(header: str) -> str:
    name = header.lower().strip()
    if name in _WHOLE_NAMES:
        return _WHOLE_NAMES[name]
    if part := next((part for part in _PARTS if part in name), None):
        return part
    return _FINDINGS if _VIEWS.search(name) else _OTHER


def _joined(text: str) -> str:
    return text.strip().replace("\n", "")


def _squeeze(text: str) -> str:
    """Runs of white space as one space; what is printable has no other white space than spaces."""
    if not text.isprintable() or text[:1] == " " or text[-1:] == " ":
        return _RUN_OF_SPACE.sub(" ", text)
    return " ".join(text.split()) if "  " in text else text


def _unbulleted(text: str) -> str:
    return _squeeze(_LATER_BULLET.sub(" ", _FIRST_BULLET.sub("", _joined(text))))


def _background(text: str) -> str:
    """Without the title and the last word of the findings header, which ends the text given."""
    text = text.strip()
    if text.startswith(_TITLE):
        text = text[len(_TITLE) :].lstrip()
    if text.endswith(":"):
        text = text[: text.rfind(" ")].rstrip()  # no space at all: MEDIQA drops the colon alone
    if text.count("\n") == text.count("\n "):  # a line break and a space are a run
        return _squeeze(text.replace("\n", " "))
    return _joined(_RUN_OF_SPACE.sub(" ", text))
