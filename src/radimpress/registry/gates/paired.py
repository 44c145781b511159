"""Scores where higher is better: not inferior to the champion, or superior to it."""

from math import isfinite

from radimpress.config.promotion import PairedGate, Superiority
from radimpress.registry.evidence.evidence import Evidence, difference, measured
from radimpress.registry.gates.ruling import Ruling, not_judged
from radimpress.registry.gates.words import bounds, plain, signed, signed_bounds


def score(evidence: Evidence) -> Ruling:
    """Is the text as near to the radiologist's as the champion's?"""
    return _against_champion(evidence.promotion.score, evidence)


def clinical(evidence: Evidence) -> Ruling:
    """Does it state the same observations as the radiologist, as often as the champion?"""
    return _against_champion(evidence.promotion.clinical, evidence)


def _against_champion(gate: PairedGate, evidence: Evidence) -> Ruling:
    """Holds the lower bound of the paired difference against the margin.

    The interval is two-sided at `promotion.confidence`; the test by its lower bound alone is
    one-sided at half of what is left, 2.5% for 95%: the convention of ICH E9 (1998), section 5.5.
    """
    bound = gate.margin if gate.rule is Superiority.superior else -gate.margin
    threshold = f"lower bound of {gate.metric} minus the champion's > {bound:+g}"
    own = measured(evidence.candidate, gate.metric)
    if evidence.champion is None:
        return not_judged(
            f"{gate.metric} {plain(own.value)}", "no champion", threshold, bounds(own)
        )
    test = difference(evidence.candidate, evidence.champion, gate.metric, evidence.resampling)
    held = measured(evidence.champion, gate.metric)
    value = (
        f"{gate.metric} {plain(own.value)}, champion {plain(held.value)}: {signed(test.difference)}"
    )
    defined = isfinite(test.difference) and isfinite(test.low)
    passed = defined and test.low > bound
    reason = "" if passed else _reason(gate, test.low) if defined else _UNDEFINED
    return Ruling(passed, value, threshold, signed_bounds(test), reason)


_UNDEFINED = "the score is not defined: neither side states anything that could be counted"


def _reason(gate: PairedGate, low: float) -> str:
    if gate.rule is Superiority.superior:
        return f"not shown to be better by more than {gate.margin:g}"
    return f"may be worse by up to {-low:.4f}, which is more than {gate.margin:g}"
