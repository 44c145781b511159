"""The words of the report: what systems, metrics and slices are called, and what they mean."""

import math
from dataclasses import dataclass
from enum import Enum

from radimpress.metrics.catalogue import Better


class Unit(Enum):
    """How a metric is written."""

    score = "score"  # 0 to 1, three decimals
    share = "share"  # 0 to 1, as per cent
    ratio = "ratio"  # around 1, two decimals


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric of metrics.json as a reader meets it."""

    name: str
    label: str
    unit: Unit
    better: Better
    meaning: str

    def write(self, value: float) -> str:
        """The value as text; a dash where it is not defined."""
        if not math.isfinite(value):
            return "–"
        match self.unit:
            case Unit.score:
                return f"{value:.3f}"
            case Unit.share:
                return f"{value:.1%}"
            case Unit.ratio:
                return f"{value:.2f}"

    def write_difference(self, value: float) -> str:
        """A difference with its sign; shares in percentage points."""
        if not math.isfinite(value):
            return "–"
        text = f"{value * 100:+.1f} pts" if self.unit is Unit.share else f"{value:+.3f}"
        return text.replace("-", "−")  # a true minus sign is as wide as the plus


@dataclass(frozen=True, slots=True)
class SystemName:
    """How a system is presented."""

    name: str
    label: str
    meaning: str


_METRICS = (
    Metric(
        "rouge1",
        "ROUGE-1",
        Unit.score,
        Better.higher,
        "Words shared with the radiologist's impression (F1 of single words).",
    ),
    Metric(
        "rouge2",
        "ROUGE-2",
        Unit.score,
        Better.higher,
        "Pairs of neighbouring words shared with the radiologist's impression (F1).",
    ),
    Metric(
        "rougeL",
        "ROUGE-L",
        Unit.score,
        Better.higher,
        "The longest run of words, in order but with gaps, shared with the radiologist's"
        " impression (F1).",
    ),
    Metric(
        "clinical_f1_micro",
        "Clinical F1",
        Unit.score,
        Better.higher,
        "Agreement with the radiologist's impression on 14 chest observations, as read by a"
        " rule-based CheXpert-style labeller (F1; present and possible count as stated).",
    ),
    Metric(
        "clinical_f1_macro",
        "Clinical F1, macro",
        Unit.score,
        Better.higher,
        "Clinical F1 of each observation, averaged: rare ones count as much as common ones.",
    ),
    Metric(
        "hallucination_rate",
        "Hallucination",
        Unit.share,
        Better.lower,
        "Impressions that state an observation for which the findings give no grounds.",
    ),
    Metric(
        "omission_rate",
        "Omission",
        Unit.share,
        Better.lower,
        "Impressions without an observation that both the findings and the radiologist's impression"
        " state.",
    ),
    Metric(
        "contradiction_rate",
        "Contradiction",
        Unit.share,
        Better.lower,
        "Impressions that say present where the findings say absent, or the other way round.",
    ),
    Metric(
        "side_flip_rate",
        "Side flip",
        Unit.share,
        Better.lower,
        "Impressions that put on the left what the findings put on the right, or the reverse.",
    ),
    Metric(
        "invented_number_rate",
        "Invented number",
        Unit.share,
        Better.lower,
        "Impressions with a number, such as a size, that is in neither findings nor background.",
    ),
    Metric(
        "unfounded_comparison_rate",
        "Unfounded comparison",
        Unit.share,
        Better.lower,
        'Impressions that speak of change ("unchanged") where no earlier study is mentioned.',
    ),
    Metric(
        "length_ratio",
        "Length ratio",
        Unit.ratio,
        Better.neither,
        "Words written for each word of the radiologist's impression; 1 is the same length.",
    ),
    Metric(
        "truncation_rate",
        "Truncated",
        Unit.share,
        Better.lower,
        "Impressions cut off at the length limit, possibly in mid-sentence.",
    ),
    Metric(
        "identical_output_rate",
        "Identical outputs",
        Unit.share,
        Better.neither,
        "Impressions that are word for word the system's most common one.",
    ),
)
METRICS = {metric.name: metric for metric in _METRICS}

HEADLINE = ("rougeL", "rouge1", "rouge2", "clinical_f1_micro", "clinical_f1_macro")
ERRORS = (
    "hallucination_rate",
    "omission_rate",
    "contradiction_rate",
    "side_flip_rate",
    "invented_number_rate",
    "unfounded_comparison_rate",
)
FORM = ("length_ratio", "truncation_rate", "identical_output_rate")

_SYSTEMS = (
    SystemName(
        "constant", "Constant sentence", "Writes the most frequent training impression every time."
    ),
    SystemName("lead", "First sentences", "Copies the first sentences of the findings."),
    SystemName(
        "retrieval",
        "Nearest report",
        "Copies the impression of the training report with the most similar findings.",
    ),
    SystemName("foundation", "Foundation model", "The model before fine-tuning on this corpus."),
    SystemName("finetuned", "Fine-tuned model", "The model fine-tuned on this corpus."),
)
_SYSTEM_NAMES = {system.name: system for system in _SYSTEMS}


def metric(name: str) -> Metric:
    """The metric of this name; an unknown one is shown under its own name."""
    return METRICS.get(name) or Metric(name, name, Unit.score, Better.higher, "")


def system(name: str) -> SystemName:
    """The system of this name; an unknown one is shown under its own name."""
    return _SYSTEM_NAMES.get(name) or SystemName(name, name, "")


def split_label(name: str) -> str:
    """`test` and `test_<external>` as a reader meets them."""
    return "Test set" if name == "test" else f"External: {name.removeprefix('test_')}"
