"""Shares of reports with a clinical error, where lower is better."""

from math import isfinite

from radimpress.config.promotion import ErrorGate
from radimpress.registry.evidence.evidence import Evidence, difference, measured
from radimpress.registry.gates.ruling import ROUNDING, Ruling
from radimpress.registry.gates.words import point_bounds, points, share, share_bounds


def hallucination(evidence: Evidence) -> Ruling:
    """How often does it state an observation that nothing in the findings backs?"""
    return _rate("hallucination_rate", evidence.promotion.hallucination, evidence)


def contradiction(evidence: Evidence) -> Ruling:
    """How often does it state what the findings exclude, or exclude what they state?"""
    return _rate("contradiction_rate", evidence.promotion.contradiction, evidence)


def side_flip(evidence: Evidence) -> Ruling:
    """How often does it put a finding on the other side?"""
    return _rate("side_flip_rate", evidence.promotion.side_flip, evidence)


def _rate(metric: str, gate: ErrorGate, evidence: Evidence) -> Ruling:
    """At most the ceiling; and at most the champion's share plus the tolerance, by the value; and
    not above the champion's with the whole interval, however small the difference is.
    """
    own = measured(evidence.candidate, metric)
    value, threshold = share(own.value), f"at most {share(gate.ceiling)}"
    interval = share_bounds(own)
    problems = []
    if not isfinite(own.value):
        problems.append("the share is not defined")
    elif own.value > gate.ceiling + ROUNDING:
        problems.append(f"above the ceiling of {share(gate.ceiling)}, champion or not")
    if evidence.champion is not None:
        test = difference(evidence.candidate, evidence.champion, metric, evidence.resampling)
        held = measured(evidence.champion, metric).value
        value += f", champion {share(held)}: {points(test.difference)}"
        threshold += f"; champion + {100 * gate.tolerance:g} points; not surely above it"
        interval += f"; difference {point_bounds(test)}"
        if test.difference > gate.tolerance + ROUNDING:
            problems.append(f"more than {100 * gate.tolerance:g} points above the champion")
        if test.low > ROUNDING:
            problems.append("above the champion with the whole interval")
    return Ruling(not problems, value, threshold, interval, "; ".join(problems))
