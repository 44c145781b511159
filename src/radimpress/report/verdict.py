"""The result in plain sentences, from the numbers alone: also where the candidate loses."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from radimpress.metrics.catalogue import Better
from radimpress.metrics.significance import Estimate
from radimpress.report.results import Comparison, Results
from radimpress.report.vocabulary import Metric, metric, system

SMALLEST_P = 0.001


@dataclass(frozen=True, slots=True)
class Verdict:
    """`headline` is one sentence; `details` more of them; `cautions` what to keep in mind."""

    headline: str
    details: tuple[str, ...]
    cautions: tuple[str, ...]


def verdict(
    results: Results, split: str, candidate: str, confidence: float, min_slice: int
) -> Verdict:
    """Judge `candidate` on `split` by ROUGE-L, clinical F1 and the hallucination rate.

    A difference counts where its paired test has p below 1 - `confidence`.
    """
    score = results.estimate(candidate, split, "all", "rougeL")
    name = in_sentence(candidate)
    if score is None:
        return Verdict(f"The {name} has no ROUGE-L on this split.", (), ())
    headline = (
        f"The {name} scores ROUGE-L {with_interval(metric('rougeL'), score)}"
        f" on {score.n:,} test reports; {standing(results, split, 'rougeL', candidate, confidence)}"
    )
    details = []
    clinical = results.estimate(candidate, split, "all", "clinical_f1_micro")
    if clinical is not None:
        order = standing(results, split, "clinical_f1_micro", candidate, confidence)
        details.append(
            f"Clinical F1 is {with_interval(metric('clinical_f1_micro'), clinical)}; {order}"
        )
    if wrong := results.estimate(candidate, split, "all", "hallucination_rate"):
        share = with_interval(metric("hallucination_rate"), wrong)
        details.append(
            f"{share} of its impressions state an observation for which the findings give no"
            " grounds (hallucination)."
        )
    cautions = []
    if score.n < min_slice:
        cautions.append(
            f"Only {score.n:,} reports were tested (fewer than {min_slice}): read the intervals,"
            " not the values."
        )
    return Verdict(headline, tuple(details), tuple(cautions))


def standing(results: Results, split: str, name: str, candidate: str, confidence: float) -> str:
    """Where the candidate stands among the other systems by one metric, as a clause with a stop."""
    others = [other for other in results.systems(split) if other != candidate]
    if not others:
        return "no other system was compared."
    tests = {other: results.tests.get(split, {}).get(other, {}).get(name) for other in others}
    known = {other: test for other, test in tests.items() if test and math.isfinite(test.p)}
    sure = {other: t for other, t in known.items() if t.p < 1 - confidence and t.difference != 0}
    gain = -1 if metric(name).better is Better.lower else 1
    better = [other for other, test in sure.items() if gain * test.difference > 0]
    worse = [other for other, test in sure.items() if gain * test.difference < 0]
    unclear = [other for other in known if other not in sure]
    untested = [other for other in others if other not in known]
    clauses = []
    if better:
        all_of_them = len(better) == len(others) and len(others) > 1
        whom = "every other system" if all_of_them else _list(better)
        clauses.append(f"better than {whom} ({_largest_p([sure[o] for o in better])})")
    if worse:
        clauses.append(f"worse than {_each(worse, sure, metric(name))}")
    if unclear:
        clauses.append(f"not clearly different from {_each(unclear, known, metric(name))}")
    if untested:
        clauses.append(f"not tested against {_list(untested)}")
    return "; ".join(clauses) + "."


def with_interval(kind: Metric, estimate: Estimate) -> str:
    """`0.931 [0.921, 0.941]`; the value alone where there is no interval."""
    value = kind.write(estimate.value)
    if not (math.isfinite(estimate.low) and math.isfinite(estimate.high)):
        return value
    return f"{value} [{kind.write(estimate.low)}, {kind.write(estimate.high)}]"


def write_p(p: float) -> str:
    """`p < 0.001`, else three decimals; never a p of zero."""
    if not math.isfinite(p):
        return "–"
    return f"p < {SMALLEST_P}" if p < SMALLEST_P else f"p = {p:.3f}"


def in_sentence(name: str) -> str:
    """A system's name in the middle of a sentence."""
    return _lower_first(system(name).label)


def _each(names: Sequence[str], tests: dict[str, Comparison], kind: Metric) -> str:
    return _join(
        [
            f"the {in_sentence(name)} ({kind.write_difference(tests[name].difference)},"
            f" {write_p(tests[name].p)})"
            for name in names
        ]
    )


def _largest_p(tests: Sequence[Comparison]) -> str:
    largest = max(test.p for test in tests)
    if largest < SMALLEST_P:
        return f"p < {SMALLEST_P}"
    return write_p(largest) if len(tests) == 1 else f"p ≤ {largest:.3f}"


def _list(names: Sequence[str]) -> str:
    return _join([f"the {in_sentence(name)}" for name in names])


def _join(items: Sequence[str]) -> str:
    *head, last = items
    return f"{', '.join(head)} and {last}" if head else last


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
