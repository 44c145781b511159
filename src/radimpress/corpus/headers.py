"""What a section header says: which part of a report begins with it.

A header is judged by its words, so that "COMPARISON & TECHNIQUE", "CHEST, 2 VIEWS" and "Findings"
are understood without a list of every spelling.
"""

import re
from enum import Enum
from functools import lru_cache


class Part(Enum):
    """The part of a report that a header opens."""

    BACKGROUND = "background"
    FINDINGS = "findings"
    IMPRESSION = "impression"
    COMBINED = "combined"  # findings and impression in one
    VIEW = "view"  # "CHEST, 2 VIEWS": findings where there is no FINDINGS, else background
    ASIDE = "aside"  # wet read, addendum, recommendation, notification: in no part of a pair
    UNKNOWN = "unknown"  # capitals that are no known header: "LUNGS", "NASOGASTRIC TUBE"


_WORD = re.compile(r"[A-Z]+(?:'S)?")
_FILLERS = frozenset(
    ("AND", "OR", "OF", "FOR", "WITH", "TO", "IN", "ON", "BY", "FROM", "AT", "S", "A")
)
_FINDINGS = frozenset({"FINDINGS", "FINDING"})
_IMPRESSION = frozenset({"IMPRESSION", "IMPRESSIONS", "CONCLUSION", "CONCLUSIONS", "OPINION"})
_QUALIFIERS = frozenset({"FINAL", "OVERALL", "REFERENCE"})
_VIEWS = frozenset(
    (
        *("CHEST", "RADIOGRAPH", "RADIOGRAPHS", "RADIOGRAPHY", "XRAY", "XR", "X", "RAY", "CXR"),
        *(
            "VIEW",
            "VIEWS",
            "PA",
            "AP",
            "LATERAL",
            "LAT",
            "FRONTAL",
            "PORTABLE",
            "UPRIGHT",
            "SUPINE",
        ),
        *("SEMI", "ERECT", "SINGLE", "ONE", "TWO", "THREE", "FOUR", "DECUBITUS", "OBLIQUE", "FILM"),
        *("BEDSIDE", "PLAIN", "FILMS", "RIB", "RIBS", "LEFT", "RIGHT", "BILATERAL", "HOURS", "AM"),
        *("PM", "THE", "SEMIUPRIGHT", "POSTEROANTERIOR", "ANTEROPOSTERIOR", "DATED", "COMPARED"),
    )
)
_BACKGROUND = frozenset(
    (
        *("INDICATION", "INDICATIONS", "HISTORY", "COMPARISON", "COMPARISONS", "TECHNIQUE", "EXAM"),
        *("TECHNIQUES", "EXAMINATION", "EXAMINATIONS", "REASON", "PROCEDURE", "STUDY", "STUDIES"),
        *("CLINICAL", "DATE", "EXAMS", "DIAGNOSIS", "SYMPTOMS"),
    )
)
_BACKGROUND_WORDS = _BACKGROUND | frozenset(
    (
        *("INFORMATION", "DATA", "PATIENT", "TYPE", "REFERENCE", "DETAILS", "QUESTION", "PRIOR"),
        *("STATEMENT", "PERFORMED", "TIME", "ORDER", "ADMITTING", "BRIEF", "PERTINENT", "RELEVANT"),
        *("MEDICAL", "SURGICAL", "TODAY'S", "PREVIOUS", "CONTRAST"),
    )
)
_ASIDE = frozenset(
    (
        *("ADDENDUM", "ADDENDA", "WET", "WETREAD", "NOTIFICATION", "NOTIFICATIONS", "PROVISIONAL"),
        *(
            "RECOMMENDATION",
            "RECOMMENDATIONS",
            "PRELIMINARY",
            "PFI",
            "COMMUNICATION",
            "ATTESTATION",
        ),
    )
)
_ASIDE_WORDS = _ASIDE | frozenset(
    (
        *("READ", "READING", "FINAL", "REPORT", "VERSION", "INTERPRETATION", "CRITICAL", "RESULT"),
        *("RESULTS", "SIGNIFICANT", "URGENT", "FOLLOW", "UP"),
    )
)
_READING = _FINDINGS | _IMPRESSION | _QUALIFIERS | _VIEWS
_MISSPELLABLE = ("FINDINGS", "IMPRESSION")


@lru_cache(maxsize=4096)
def part_of(name: str) -> Part | None:
    """The part that the header `name` (without its colon) opens; None where it is no header.

    Unknown capitals are `UNKNOWN`; unknown text in small letters is None: prose holds colons too.

    >>> part_of("Comparison & technique")
    <Part.BACKGROUND: 'background'>
    >>> part_of("LUNGS"), part_of("The tube")
    (<Part.UNKNOWN: 'unknown'>, None)
    """
    words = {_corrected(word) for word in _WORD.findall(name.upper())} - _FILLERS
    capitals = name.isupper()
    if words & _ASIDE and (capitals or words <= _ASIDE_WORDS | _READING):
        return Part.ASIDE
    if "CLINICAL" in words and words <= _BACKGROUND_WORDS | _IMPRESSION:
        return Part.BACKGROUND  # "CLINICAL IMPRESSION" is what the patient was sent with
    return _reading(words, capitals) or _context(words, capitals)


def _reading(words: set[str], capitals: bool) -> Part | None:
    """Findings, impression or both, where the words name them."""
    findings = bool(words & _FINDINGS)
    if words & _IMPRESSION and (capitals or words <= _READING):
        return Part.COMBINED if findings else Part.IMPRESSION
    return Part.FINDINGS if findings and words <= _READING | _BACKGROUND_WORDS else None


def _context(words: set[str], capitals: bool) -> Part | None:
    if words & _BACKGROUND and words <= _BACKGROUND_WORDS | _VIEWS:
        return Part.BACKGROUND
    if words and words <= _VIEWS and (capitals or len(words) > 1):
        return Part.VIEW
    return Part.UNKNOWN if capitals else None


def _corrected(word: str) -> str:
    """The word, or the one of `_MISSPELLABLE` that it is by a single slip of the keys."""
    if word in _FINDINGS or word in _IMPRESSION:
        return word
    return next((right for right in _MISSPELLABLE if _one_slip(word, right)), word)


def _one_slip(wrong: str, right: str) -> bool:
    """Whether one letter was left out, added, changed, or swapped with the next."""
    if abs(len(wrong) - len(right)) > 1:
        return False
    alike = zip(wrong, right, strict=False)
    shorter = min(len(wrong), len(right))
    same = next((i for i, (a, b) in enumerate(alike) if a != b), shorter)
    rest, wanted = wrong[same:], right[same:]
    changed, added, left_out = rest[1:] == wanted[1:], rest[1:] == wanted, rest == wanted[1:]
    swapped = rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:]
    return changed or added or left_out or swapped
