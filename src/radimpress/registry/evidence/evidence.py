"""What the gates judge: everything measured of a candidate, its champion and the baselines."""

from collections.abc import Mapping
from dataclasses import dataclass

from radimpress.config.promotion import Promotion
from radimpress.metrics.catalogue import BY_NAME
from radimpress.metrics.score import Scores
from radimpress.metrics.significance import Estimate, PairedTest, Resampling, paired_test
from radimpress.metrics.slices import ALL
from radimpress.registry.evidence.golden import Outcome
from radimpress.registry.evidence.latency import Latency

NOTHING = Estimate(float("nan"), float("nan"), float("nan"), 0)


@dataclass(frozen=True, slots=True)
class Evidence:
    """All systems on the same reports in the same order; `champion` is None the first time."""

    promotion: Promotion
    resampling: Resampling
    candidate: Scores
    champion: Scores | None
    baselines: Mapping[str, Scores]
    golden: tuple[Outcome, ...]
    latency: Latency

    @property
    def reports(self) -> int:
        """How many test reports were asked."""
        return len(self.candidate.study_ids)

    @property
    def empty(self) -> int:
        """How many of them the candidate left without a word."""
        return int((self.candidate.columns["prediction_words"] == 0).sum())


def measured(scores: Scores, metric: str, piece: str = ALL) -> Estimate:
    """A metric of one system; NaN where it has no value there."""
    return scores.slices.get(piece, {}).get(metric, NOTHING)


def difference(left: Scores, right: Scores, metric: str, resampling: Resampling) -> PairedTest:
    """Left minus right by paired bootstrap over the reports."""
    found = BY_NAME[metric]
    return paired_test(
        found.table(left.columns), found.table(right.columns), found.statistic, resampling
    )
