"""Golden behaviour: short reports with one right answer."""

from radimpress.config.promotion import GoldenGate
from radimpress.registry.evidence.evidence import Evidence
from radimpress.registry.evidence.golden import Outcome
from radimpress.registry.gates.ruling import ROUNDING, Ruling

SHOWN = 8


def golden(evidence: Evidence) -> Ruling:
    """Does a negated finding stay negated, a side stay a side, and "normal" stay "normal"?"""
    gate = evidence.promotion.golden
    families: dict[str, list[Outcome]] = {}
    for outcome in evidence.golden:
        families.setdefault(outcome.family, []).append(outcome)
    counts = {name: (sum(o.passed for o in each), len(each)) for name, each in families.items()}
    least = {name: _least(gate, name) for name in families}
    below = [name for name, (good, n) in counts.items() if good < least[name] * n - ROUNDING]
    failed = [str(each) for name in families for each in families[name] if not each.passed]
    reason = f"too few pass of {', '.join(below)}" if below else ""
    if failed:
        more = f" and {len(failed) - SHOWN} more" if len(failed) > SHOWN else ""
        shown = "not passed: " + ", ".join(failed[:SHOWN]) + more
        reason = f"{reason}; {shown}" if reason else shown
    return Ruling(
        not below,
        ", ".join(f"{name} {good}/{n}" for name, (good, n) in counts.items()),
        ", ".join(f"{name} {share:.0%}" for name, share in least.items()),
        reason=reason,
    )


def _least(gate: GoldenGate, family: str) -> float:
    shares = {
        "negation": gate.negation,
        "side": gate.side,
        "finding": gate.finding,
        "normal": gate.normal,
        "empty": gate.empty,
        "absurd": gate.absurd,
    }
    return shares[family]
