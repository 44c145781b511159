"""The gates in the order in which they are shown; a new one is a rule and a line here.

A gate has the name of its rule.
"""

from collections.abc import Callable

from radimpress.registry.evidence.evidence import Evidence
from radimpress.registry.gates.baselines import baselines
from radimpress.registry.gates.behaviour import golden
from radimpress.registry.gates.errors import contradiction, hallucination, side_flip
from radimpress.registry.gates.output import answers, reports
from radimpress.registry.gates.paired import clinical, score
from radimpress.registry.gates.pieces import slices
from radimpress.registry.gates.records import Records, leakage, lineage
from radimpress.registry.gates.ruling import GateResult, Ruling, not_judged
from radimpress.registry.gates.speed import latency

FROM_RECORDS: tuple[Callable[[Records], Ruling], ...] = (lineage, leakage)
MEASURED: tuple[Callable[[Evidence], Ruling], ...] = (
    reports,
    answers,
    score,
    clinical,
    hallucination,
    contradiction,
    side_flip,
    slices,
    baselines,
    golden,
    latency,
)
NEVER_OVERRIDDEN = tuple(rule.__name__ for rule in FROM_RECORDS)
OVERRIDABLE = tuple(rule.__name__ for rule in MEASURED)


def judge_records(records: Records) -> tuple[GateResult, ...]:
    """The gates that need no model."""
    return tuple(_result(rule.__name__, rule(records)) for rule in FROM_RECORDS)


def judge_evidence(evidence: Evidence) -> tuple[GateResult, ...]:
    """The gates over what was measured."""
    return tuple(_result(rule.__name__, rule(evidence)) for rule in MEASURED)


def unmeasured(why: str) -> tuple[GateResult, ...]:
    """The gates over what could not be measured."""
    return tuple(_result(name, not_judged("", why)) for name in OVERRIDABLE)


def _result(name: str, ruling: Ruling) -> GateResult:
    return GateResult(
        name,
        ruling.passed,
        ruling.value,
        ruling.threshold,
        ruling.interval,
        ruling.reason,
        ruling.judged,
        overridable=name in OVERRIDABLE,
    )
