"""Rules of conf/promotion: a gate that cannot fail is no gate."""

from collections.abc import Iterator

from radimpress.config.problem import Problem
from radimpress.config.promotion import Promotion

RATES = ("hallucination", "contradiction", "side_flip")


def promotion_rules(promotion: Promotion) -> Iterator[Problem]:
    """What is wrong with the gates."""
    least: list[tuple[str, float, float]] = [
        ("samples", promotion.samples, 1000),
        ("min_reports", promotion.min_reports, 1),
        ("score.margin", promotion.score.margin, 0),
        ("clinical.margin", promotion.clinical.margin, 0),
        ("slices.margin", promotion.slices.margin, 0),
        ("slices.min_reports", promotion.slices.min_reports, 1),
        ("latency.reports", promotion.latency.reports, 5),
        ("latency.ratio", promotion.latency.ratio, 1),
    ]
    for name, value, smallest in least:
        if value < smallest:
            yield Problem(f"promotion.{name}", f"is {value:g}, expected at least {smallest:g}")
    if not 0.5 <= promotion.confidence < 1:
        yield Problem("promotion.confidence", f"is {promotion.confidence:g}, expected [0.5, 1)")
    for name in RATES:
        gate = getattr(promotion, name)
        if not 0 <= gate.ceiling < 1:
            yield Problem(
                f"promotion.{name}.ceiling", f"is {gate.ceiling:g}, expected a share in [0, 1)"
            )
        if not 0 <= gate.tolerance < 1:
            yield Problem(
                f"promotion.{name}.tolerance", f"is {gate.tolerance:g}, expected a share in [0, 1)"
            )
    if not promotion.baselines.systems:
        yield Problem(
            "promotion.baselines.systems",
            "is empty: a first promotion has no champion to beat, so nothing would be asked of it",
        )
    if not promotion.lineage.clean_commit:
        yield Problem(
            "promotion.lineage.clean_commit",
            "is off: what is promoted cannot be made again from a commit",
            refused=False,
        )
