"""Rules of conf/promotion: a gate that cannot fail is no gate."""

from collections.abc import Iterator

from radimpress.config.problem import Problem
from radimpress.config.promotion import Promotion

RATES = ("hallucination", "contradiction", "side_flip")
FAMILIES = ("negation", "side", "finding", "normal", "empty", "absurd")


def promotion_rules(promotion: Promotion) -> Iterator[Problem]:
    """What is wrong with the gates."""
    yield from _least(promotion)
    yield from _shares(promotion)
    yield from _most(promotion)
    if not 0.8 <= promotion.confidence < 1:
        yield Problem("promotion.confidence", f"is {promotion.confidence:g}, expected [0.8, 1)")
    if not promotion.split.startswith("test"):
        yield Problem(
            "promotion.split",
            f"is {promotion.split!r}, expected test or test_<external>: models saw the others",
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


def _least(promotion: Promotion) -> Iterator[Problem]:
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


def _most(promotion: Promotion) -> Iterator[Problem]:
    """Above these a gate is switched off in all but name; `--override` does that on the record."""
    most: list[tuple[str, float, float]] = [
        ("score.margin", promotion.score.margin, 0.2),
        ("clinical.margin", promotion.clinical.margin, 0.2),
        ("slices.margin", promotion.slices.margin, 0.3),
        ("latency.ratio", promotion.latency.ratio, 20),
    ]
    for name, value, largest in most:
        if not value <= largest:  # NaN too
            yield Problem(f"promotion.{name}", f"is {value:g}, expected at most {largest:g}")


def _shares(promotion: Promotion) -> Iterator[Problem]:
    """A ceiling of 100% could not fail; a golden family of 100% is what it should be."""
    shares = [("max_empty", promotion.max_empty, 0.05)]
    for name in RATES:
        gate = getattr(promotion, name)
        shares += [
            (f"{name}.ceiling", gate.ceiling, 0.5),
            (f"{name}.tolerance", gate.tolerance, 0.1),
        ]
    for name, share, most in shares:
        if not 0 <= share <= most:
            yield Problem(f"promotion.{name}", f"is {share:g}, expected a share in [0, {most:g}]")
    for name in FAMILIES:
        share = getattr(promotion.golden, name)
        if not 0.5 <= share <= 1:
            yield Problem(f"promotion.golden.{name}", f"is {share:g}, expected [0.5, 1]")
