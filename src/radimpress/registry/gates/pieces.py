"""Slices of the test set: none may lose what the whole gains."""

from typing import NamedTuple

from radimpress.metrics.score import Scores
from radimpress.metrics.slices import ALL
from radimpress.registry.evidence.evidence import Evidence, measured
from radimpress.registry.gates.ruling import ROUNDING, Ruling, not_judged
from radimpress.registry.gates.words import signed


class Change(NamedTuple):
    """Candidate minus champion on one slice of `n` reports."""

    piece: str
    difference: float
    n: int

    def __str__(self) -> str:
        return f"{self.piece} {signed(self.difference)} (n {self.n})"


def slices(evidence: Evidence) -> Ruling:
    """Is any kind of report served worse than the champion serves it?

    By the value itself: an interval of 30 reports is so wide that it would excuse nearly anything.
    """
    gate = evidence.promotion.slices
    threshold = f"{gate.metric} drops by at most {gate.margin:g} in slices of {gate.min_reports}+"
    if evidence.champion is None:
        sizes = _sizes(evidence.candidate, gate.metric)
        large = sum(n >= gate.min_reports for n in sizes.values())
        return not_judged(f"{large} of {len(sizes)} slices", "no champion", threshold)
    changes = _changes(evidence.candidate, evidence.champion, gate.metric, gate.min_reports)
    if not changes:
        return not_judged("no slice", f"no slice has {gate.min_reports} reports", threshold)
    worst = min(changes, key=lambda change: change.difference)
    failing = [
        str(change) for change in changes if not change.difference >= -gate.margin - ROUNDING
    ]
    value = f"{len(changes)} slices, the least: {worst}"
    reason = f"worse in {', '.join(failing)}" if failing else ""
    return Ruling(not failing, value, threshold, reason=reason)


def _changes(candidate: Scores, champion: Scores, metric: str, least: int) -> list[Change]:
    found = []
    for piece, n in _sizes(candidate, metric).items():
        if n >= least:
            ours, theirs = measured(candidate, metric, piece), measured(champion, metric, piece)
            found.append(Change(piece, ours.value - theirs.value, n))
    return found


def _sizes(scores: Scores, metric: str) -> dict[str, int]:
    """Reports of each slice but the whole, which has gates of its own."""
    return {
        piece: found[metric].n
        for piece, found in scores.slices.items()
        if piece != ALL and metric in found
    }
