"""What makes a report usable, and how its texts are tidied: pure functions over plain texts."""

from enum import StrEnum

from radimpress.config.schema import Cleaning, ListNumbers
from radimpress.corpus.list_numbers import strip_list_numbers
from radimpress.corpus.normalise import normalise, unify_placeholders


class Drop(StrEnum):
    """Why a report that was read and parsed is not kept; see also `section_record.Unusable`."""

    FINDINGS_TOO_SHORT = "findings_too_short"
    FINDINGS_TOO_LONG = "findings_too_long"
    IMPRESSION_TOO_SHORT = "impression_too_short"
    IMPRESSION_TOO_LONG = "impression_too_long"
    POINTER = "impression_points_elsewhere"
    LEAK = "findings_contain_impression"
    DUPLICATE = "duplicate"
    OVER_LIMIT = "over_limit"


# An impression of these words alone says nothing: "As above.", "Please see findings section."
_POINTING = frozenset({"above", "below", "see", "refer", "as", "same", "per"})
_POINTER_WORDS = _POINTING | frozenset(
    (
        *("and", "are", "body", "comment", "comments", "complete", "described", "description"),
        *("detail", "detailed", "details", "dictated", "discussed", "finding", "findings", "for"),
        *("full", "further", "impression", "in", "is", "mentioned", "noted", "of", "outlined"),
        *("please", "report", "reported", "section", "stated", "text", "the", "this", "to"),
    )
)


def clean_text(text: str, list_numbers: ListNumbers, placeholder: str) -> str:
    """One line, single-spaced, placeholders unified, list numbers stripped where asked.

    The same for findings and impressions, in training and in serving.
    """
    if list_numbers is ListNumbers.strip:
        text = strip_list_numbers(text)  # first: line breaks help to tell an item's number
    return " ".join(unify_placeholders(text, placeholder).split())


def drop_reason(findings: str, impression: str, settings: Cleaning) -> Drop | None:
    """Why a pair of cleaned texts is not usable; None where it is."""
    if settings.drop_pointers and points_elsewhere(impression):
        return Drop.POINTER
    if reason := _length_reason(len(findings.split()), len(impression.split()), settings):
        return reason
    if settings.drop_leaks and contains(findings, impression):
        return Drop.LEAK
    return None


def points_elsewhere(impression: str) -> bool:
    """Whether the impression only refers to another part of the report.

    >>> points_elsewhere("As described above."), points_elsewhere("As above. No pneumonia.")
    (True, False)
    """
    words = set(normalise(impression).split())
    return bool(words & _POINTING) and words <= _POINTER_WORDS


def contains(findings: str, impression: str) -> bool:
    """Whether the findings hold the impression word for word, but for case and punctuation."""
    wanted = normalise(impression)
    return bool(wanted) and f" {wanted} " in f" {normalise(findings)} "


def _length_reason(findings: int, impression: int, settings: Cleaning) -> Drop | None:
    """Lengths in words between white space."""
    if findings < settings.min_findings_words:
        return Drop.FINDINGS_TOO_SHORT
    if findings > settings.max_findings_words:
        return Drop.FINDINGS_TOO_LONG
    if impression < settings.min_impression_words:
        return Drop.IMPRESSION_TOO_SHORT
    if impression > settings.max_impression_words:
        return Drop.IMPRESSION_TOO_LONG
    return None
