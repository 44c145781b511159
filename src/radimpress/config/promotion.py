"""conf/promotion: the gates between a challenger and its users. All thresholds stand here."""

from dataclasses import dataclass, field
from enum import Enum


class Superiority(Enum):
    """What a candidate has to show against the champion."""

    non_inferior = "non_inferior"  # the interval's lower bound is above -margin
    superior = "superior"  # the interval's lower bound is above +margin


@dataclass
class PairedGate:
    """A score where higher is better, candidate against champion by paired bootstrap."""

    metric: str = "rougeL"
    rule: Superiority = Superiority.non_inferior
    margin: float = 0.02  # in the metric's own unit


@dataclass
class ErrorGate:
    """A share of reports with a clinical error, where lower is better."""

    ceiling: float = 0.2  # no candidate above this, champion or not
    tolerance: float = 0.01  # how far above the champion's share it may lie


@dataclass
class SliceGate:
    """No slice may lose what the whole gains."""

    metric: str = "rougeL"
    margin: float = 0.05  # the largest drop below the champion, by the value itself
    min_reports: int = 30  # smaller slices are shown and not judged


@dataclass
class BaselineGate:
    """Better than systems that need no model, by paired bootstrap at `promotion.confidence`."""

    metric: str = "rougeL"
    systems: list[str] = field(default_factory=lambda: ["constant", "retrieval"])


@dataclass
class GoldenGate:
    """Behaviour on short reports with one right answer: the least share of each family that passes.

    The families are those of `radimpress/registry/evidence/golden_cases.json`; `cases` names a file
    of the same form to use instead.
    """

    cases: str | None = None
    negation: float = 1.0  # what the findings exclude is not stated
    side: float = 1.0  # left stays left, right stays right
    finding: float = 1.0  # what the findings are about is stated
    normal: float = 1.0  # normal findings, normal impression
    empty: float = 1.0  # no findings: refused, where a model would invent a patient
    absurd: float = 1.0  # very long, repeated or meaningless text: an answer, and no crash


@dataclass
class LatencyGate:
    """Seconds a report, one at a time, measured interleaved with the champion on this machine."""

    ratio: float = 1.5  # candidate's seconds over the champion's, the median over the reports
    reports: int = 40


@dataclass
class LineageGate:
    """What must be known of a candidate. Never overridden."""

    clean_commit: bool = True  # false only for a rehearsal in a work tree with uncommitted changes


@dataclass
class Promotion:
    """The gates of `radimpress promote`."""

    split: str = "test"
    samples: int = 10_000  # bootstrap resamples
    confidence: float = 0.95
    min_reports: int = 100
    max_empty: float = 0.0  # share of reports without an impression
    score: PairedGate = field(default_factory=PairedGate)
    clinical: PairedGate = field(
        default_factory=lambda: PairedGate("clinical_f1_micro", Superiority.non_inferior, 0.02)
    )
    hallucination: ErrorGate = field(default_factory=lambda: ErrorGate(0.2, 0.02))
    contradiction: ErrorGate = field(default_factory=lambda: ErrorGate(0.05, 0.01))
    side_flip: ErrorGate = field(default_factory=lambda: ErrorGate(0.1, 0.01))
    slices: SliceGate = field(default_factory=SliceGate)
    baselines: BaselineGate = field(default_factory=BaselineGate)
    golden: GoldenGate = field(default_factory=GoldenGate)
    latency: LatencyGate = field(default_factory=LatencyGate)
    lineage: LineageGate = field(default_factory=LineageGate)
