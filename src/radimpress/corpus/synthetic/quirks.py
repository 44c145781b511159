"""How raw reports depart from the rule, and how often: every rate in one place."""

import random
from dataclasses import dataclass
from enum import Enum


class Quirk(Enum):
    """A departure; the value stands in truth.jsonl."""

    WET_READ = "wet_read"  # a preliminary reading above FINAL REPORT
    ADDENDUM = "addendum"  # above FINAL REPORT, closed by a line of underscores
    COMBINED = "combined"  # one section FINDINGS AND IMPRESSION
    NO_FINDINGS = "no_findings"
    NO_IMPRESSION = "no_impression"
    IMPRESSION_FIRST = "impression_first"
    POINTER = "pointer"  # the impression only says "As above."
    FINDINGS_LIST = "findings_list"  # every findings sentence numbered
    PLAIN_LIST = "plain_list"  # an impression list with "1)" or dashes for "1."
    VIEW_HEADER = "view_header"  # "Chest, 2 views:" in place of "FINDINGS:"
    JOINED_HEADER = "joined_header"  # "COMPARISON & TECHNIQUE:"
    SMALL_HEADERS = "small_headers"  # "Findings:", "Impression:"
    LOST_INDENT = "lost_indent"  # wrapped lines without their leading space
    NOTIFICATION = "notification"  # a section behind the impression


@dataclass(frozen=True, slots=True)
class QuirkRates:
    """Chance of each quirk in a report; those of `exclusive` never meet in one report.

    The shares of missing and combined sections are lower than MIMIC-CXR's (there about a third of
    the reports lack one of the two), so that a small corpus keeps most of its reports.
    """

    wet_read: float = 0.06
    addendum: float = 0.03
    combined: float = 0.02
    no_findings: float = 0.03
    no_impression: float = 0.02
    impression_first: float = 0.02
    pointer: float = 0.01
    findings_list: float = 0.02
    plain_list: float = 0.05
    view_header: float = 0.04
    joined_header: float = 0.05
    small_headers: float = 0.05
    lost_indent: float = 0.03
    notification: float = 0.05


NO_QUIRKS = QuirkRates(**dict.fromkeys((quirk.value for quirk in Quirk), 0.0))

EXCLUSIVE = (
    Quirk.COMBINED,
    Quirk.NO_FINDINGS,
    Quirk.NO_IMPRESSION,
    Quirk.IMPRESSION_FIRST,
    Quirk.POINTER,
)
"""Quirks of which a report has at most one."""


def drawn_quirks(rates: QuirkRates, rng: random.Random) -> frozenset[Quirk]:
    """The quirks of one report. One draw a quirk, so that a rate changes nothing but its own."""
    found = {quirk for quirk in Quirk if rng.random() < getattr(rates, quirk.value)}
    exclusive = [quirk for quirk in EXCLUSIVE if quirk in found]
    return frozenset(found.difference(exclusive[1:]))
