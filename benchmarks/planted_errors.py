"""How many planted errors the clinical metrics find, and how often they cry wolf.

python benchmarks/planted_errors.py

Impressions of the synthetic generator are true to their findings; each is damaged in one known way.
Prints numbers only.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from radimpress.corpus.report import Report
from radimpress.corpus.synthetic import pairs
from radimpress.metrics.clinical import RATES, ClinicalTable, table
from radimpress.metrics.labels.labeller import label
from radimpress.metrics.labels.observations import PATHOLOGIES, Observation, Presence

CONSTANT = "No acute cardiopulmonary abnormality."
PNEUMOTHORAX = Observation.PNEUMOTHORAX


@dataclass(frozen=True, slots=True)
class Plant:
    """One kind of damage: to which reports it is done, what it does, which rate must see it."""

    name: str
    rate: str
    fits: Callable[[Report], bool]
    damage: Callable[[str], str]


def main() -> None:
    for institution in ("A", "B"):
        reports = pairs(institution, 2000, seed=3)
        print(f"\ninstitution {institution}")
        untouched = _table(reports, lambda impression: impression)
        for rate in RATES:
            print(f"  {'nothing (false alarms)':32} {rate:26} {untouched.rates[rate].mean():.3f}")
        for plant in PLANTS:
            chosen = [report for report in reports if plant.fits(report)]
            found = _table(chosen, plant.damage).rates[plant.rate].mean()
            print(f"  {plant.name:32} {plant.rate:26} {found:.3f}  of {len(chosen):,}")


def _table(reports: list[Report], damage: Callable[[str], str]) -> ClinicalTable:
    return table(
        [report.findings for report in reports],
        [report.background for report in reports],
        [report.impression for report in reports],
        [damage(report.impression) for report in reports],
    )


def _one_sided(report: Report) -> bool:
    return any(
        told.asserted and len(told.sides) == 1 and each is not Observation.SUPPORT_DEVICES
        for each, told in label(report.impression).items()
    )


def _positive_in_both(report: Report) -> bool:
    seen, told = label(report.findings), label(report.impression)
    return any(
        told[each].presence is Presence.POSITIVE and seen[each].presence is Presence.POSITIVE
        for each in PATHOLOGIES
        if each in seen and each in told
    )


def _silent(report: Report) -> bool:
    return PNEUMOTHORAX not in label(report.findings)


def _excluded(report: Report) -> bool:
    seen, told = label(report.findings), label(report.impression)
    return PNEUMOTHORAX in seen and not seen[PNEUMOTHORAX].asserted and PNEUMOTHORAX not in told


def _without_prior(report: Report) -> bool:
    words = "unchanged|comparison|prior|previous|compared|since|new|interval|again|now|before"
    return not re.search(words, f"{report.findings} {report.background}", re.IGNORECASE)


def _swap_sides(text: str) -> str:
    other = {"left": "right", "right": "left", "Left": "Right", "Right": "Left"}
    return re.sub(r"\b(?:left|right)\b", lambda found: other[found[0]], text, flags=re.IGNORECASE)


PLANTS = (
    Plant("left and right swapped", "side_flip_rate", _one_sided, _swap_sides),
    Plant("a normal impression instead", "omission_rate", _positive_in_both, lambda _: CONSTANT),
    Plant(
        "a pneumothorax from nowhere",
        "hallucination_rate",
        _silent,
        lambda text: f"{text} Small left pneumothorax.",
    ),
    Plant(
        "an excluded pneumothorax stated",
        "contradiction_rate",
        _excluded,
        lambda text: f"{text} Small left pneumothorax.",
    ),
    Plant(
        "a measurement",
        "invented_number_rate",
        lambda _: True,
        lambda text: f"{text} It measures 97 mm.",
    ),
    Plant(
        "a comparison without a prior",
        "unfounded_comparison_rate",
        _without_prior,
        lambda text: f"{text} This is unchanged from the prior study.",
    ),
)


if __name__ == "__main__":
    main()
