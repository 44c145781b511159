"""Enough reports, and an impression for each of them."""

from radimpress.registry.evidence.evidence import Evidence
from radimpress.registry.gates.ruling import ROUNDING, Ruling
from radimpress.registry.gates.words import share


def reports(evidence: Evidence) -> Ruling:
    """Are there enough test reports to judge by?"""
    least = evidence.promotion.min_reports
    passed = evidence.reports >= least
    reason = "" if passed else "too few to tell models apart: every interval is wide"
    return Ruling(passed, f"{evidence.reports:,}", f"at least {least:,}", reason=reason)


def answers(evidence: Evidence) -> Ruling:
    """Does it write anything at all, for every report?"""
    most = evidence.promotion.max_empty
    passed = evidence.empty <= most * evidence.reports + ROUNDING
    value = f"{evidence.empty:,} of {evidence.reports:,} empty"
    reason = ""
    if not passed:
        every = evidence.empty == evidence.reports
        reason = "the model generates nothing" if every else "reports are left without impression"
    return Ruling(passed, value, f"at most {share(most)} empty", reason=reason)
