"""Better than what needs no model."""

from radimpress.registry.evidence.evidence import Evidence, difference, measured
from radimpress.registry.gates.ruling import Ruling
from radimpress.registry.gates.words import plain, signed_bounds


def baselines(evidence: Evidence) -> Ruling:
    """Is it better than one sentence for everybody, and than copying the most similar report?"""
    metric = evidence.promotion.baselines.metric
    tests = {
        name: difference(evidence.candidate, scores, metric, evidence.resampling)
        for name, scores in evidence.baselines.items()
    }
    others = ", ".join(
        f"{name} {plain(measured(scores, metric).value)}"
        for name, scores in evidence.baselines.items()
    )
    own = measured(evidence.candidate, metric).value
    unbeaten = [name for name, test in tests.items() if not test.low > 0]
    return Ruling(
        not unbeaten,
        f"{metric} {plain(own)}; {others}",
        "lower bound of each difference > 0",
        "; ".join(f"{name} {signed_bounds(test)}" for name, test in tests.items()),
        f"not better than {' and '.join(unbeaten)}" if unbeaten else "",
    )
