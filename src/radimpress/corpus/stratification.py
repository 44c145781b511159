"""What each side of a split is made of, so that a lopsided one is seen before it is trained on."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from radimpress.corpus.normalise import normalise
from radimpress.corpus.report import Report

NORMAL_WORDS = 10
# Openings of the impressions that say "nothing found"; a rule of thumb over normalised text that
# needs no labeller. Clinical shares proper (14 observations) are measured by the evaluation.
_NORMAL = re.compile(
    r"(?:there is )?(?:"
    r"no (?:\w+ ){0,4}(?:acute|active)\b"
    r"|no (?:\w+ ){0,2}abnormalit(?:y|ies)\b"
    r"|negative (?:for )?(?:acute|active)\b"
    r"|(?:essentially |grossly )?(?:normal|negative|unremarkable|clear)\b"
    r")"
)
_COLUMNS = ("reports", "subjects", "share_normal", "mean_findings_words", "mean_impression_words")


@dataclass(frozen=True, slots=True)
class Composition:
    """Counts and means of one side; `subjects` is 0 where the corpus names no patients."""

    reports: int
    subjects: int
    share_normal: float
    mean_findings_words: float
    mean_impression_words: float
    sources: dict[str, int]


def composition(reports: Sequence[Report]) -> Composition:
    """Describe one side. Shares are rounded to 4 digits, words to 2."""
    sources = Counter(report.source for report in reports)
    return Composition(
        reports=len(reports),
        subjects=len({report.subject_id for report in reports} - {""}),
        share_normal=_mean([sounds_normal(report.impression) for report in reports], 4),
        mean_findings_words=_mean([len(report.findings.split()) for report in reports], 2),
        mean_impression_words=_mean([len(report.impression.split()) for report in reports], 2),
        sources=dict(sorted(sources.items())),
    )


def sounds_normal(impression: str) -> bool:
    """Whether a short impression opens like "No acute ..." or "Normal chest": a rule of thumb."""
    text = normalise(impression)
    return len(text.split()) <= NORMAL_WORDS and _NORMAL.match(text) is not None


def table(sides: Mapping[str, Mapping[str, object]]) -> str:
    """The compositions as an aligned text table, one line a split."""
    header = ["split", *(name.replace("_", " ") for name in _COLUMNS)]
    rows = [header, *([name, *(_cell(side[c]) for c in _COLUMNS)] for name, side in sides.items())]
    widths = [max(len(row[column]) for row in rows) for column in range(len(header))]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows
    )


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _mean(values: Sequence[int], digits: int) -> float:
    return round(sum(values) / len(values), digits) if values else 0.0
