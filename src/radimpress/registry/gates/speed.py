"""The latency budget."""

from radimpress.registry.evidence.evidence import Evidence
from radimpress.registry.gates.ruling import Ruling, not_judged


def latency(evidence: Evidence) -> Ruling:
    """Does a report take about as long as it does with the champion, on this machine, now?"""
    found, most = evidence.latency, evidence.promotion.latency.ratio
    own = f"{1000 * found.candidate:.0f} ms a report"
    threshold = f"at most {most:g} times the champion's"
    if found.champion is None or found.ratio is None:
        return not_judged(own, "no champion", threshold)
    ratio = found.ratio
    passed = ratio.value <= most
    return Ruling(
        passed,
        f"{own}, champion {1000 * found.champion:.0f} ms: {ratio.value:.2f} times",
        threshold,
        f"[{ratio.low:.2f}, {ratio.high:.2f}] times, {found.reports} reports",
        "" if passed else "slower than the budget",
    )
