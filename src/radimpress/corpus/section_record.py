"""What a parser makes of one raw report."""

from enum import StrEnum
from typing import NamedTuple


class Unusable(StrEnum):
    """Why a parsed report has no findings-impression pair."""

    EMPTY = "empty_report"
    COMBINED = "combined_findings_and_impression"
    NO_FINDINGS = "no_findings"
    NO_IMPRESSION = "no_impression"
    NEITHER = "no_findings_and_no_impression"


class Sections(NamedTuple):
    """The sections of one report, "" where there is none; `dropped` is None or an `Unusable`.

    A dropped report keeps what was found, for debugging: its sections are not for use.
    """

    background: str
    findings: str
    impression: str
    dropped: str | None


def sections(background: str, findings: str, impression: str, combined: bool = False) -> Sections:
    """Sections with the reason worked out; `combined`: a joint section was met and left out."""
    reason: Unusable | None = None
    if not (findings and impression):
        if combined:
            reason = Unusable.COMBINED
        elif findings:
            reason = Unusable.NO_IMPRESSION
        elif impression:
            reason = Unusable.NO_FINDINGS
        else:
            reason = Unusable.NEITHER if background else Unusable.EMPTY
    return Sections(background, findings, impression, reason.value if reason else None)
