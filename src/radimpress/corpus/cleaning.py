"""What makes a report usable, and how its texts are tidied: pure functions over plain texts."""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class NormalPair:
    """Findings and impression as `normalise` gives them."""

    findings: str
    impression: str

    @classmethod
    def of(cls, findings: str, impression: str) -> "NormalPair":
        """The normal forms of two texts."""
        return cls(normalise(findings), normalise(impression))

    def points_elsewhere(self) -> bool:
        """Whether the impression only refers to another part of the report.

        >>> NormalPair.of("Clear.", "As described above.").points_elsewhere()
        True
        >>> NormalPair.of("Clear.", "As above. No pneumonia.").points_elsewhere()
        False
        """
        words = set(self.impression.split())
        return bool(words & _POINTING) and words <= _POINTER_WORDS

    def leaks(self) -> bool:
        """Whether the findings hold the impression, word for word.

        >>> NormalPair.of("Heart normal. No effusion.", "1. No effusion.").leaks()
        True
        """
        return bool(self.impression) and f" {self.impression} " in f" {self.findings} "


def drop_reason(
    findings: str, impression: str, normal: NormalPair, settings: Cleaning
) -> Drop | None:
    """Why a pair of cleaned texts is not usable; None where it is. `normal` is theirs."""
    if settings.drop_pointers and normal.points_elsewhere():
        return Drop.POINTER
    if reason := _length_reason(findings, impression, settings):
        return reason
    return Drop.LEAK if settings.drop_leaks and normal.leaks() else None


def _length_reason(findings: str, impression: str, settings: Cleaning) -> Drop | None:
    """Lengths in words between white space."""
    if side := _outside(findings, settings.min_findings_words, settings.max_findings_words):
        return Drop.FINDINGS_TOO_SHORT if side < 0 else Drop.FINDINGS_TOO_LONG
    if side := _outside(impression, settings.min_impression_words, settings.max_impression_words):
        return Drop.IMPRESSION_TOO_SHORT if side < 0 else Drop.IMPRESSION_TOO_LONG
    return None


def _outside(text: str, least: int, most: int) -> int:
    """-1 where `text` has fewer than `least` words, 1 where it has more than `most`, else 0."""
    if least <= 1 and len(text) <= 2 * most and text.strip():
        return 0  # without counting: n words have 2n-1 characters or more
    words = len(text.split())
    return -1 if words < least else int(words > most)
