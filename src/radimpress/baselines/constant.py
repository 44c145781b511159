"""The baseline that never looks: one impression for every report."""

from collections import Counter
from collections.abc import Sequence

from radimpress.corpus.report import Prediction, Report


class Constant:
    """Says the most frequent training impression; of equally frequent ones, the first as text."""

    name = "constant"

    def __init__(self, train: Sequence[Report]) -> None:
        counts = Counter(report.impression for report in train)
        self.impression = min(counts, key=lambda text: (-counts[text], text))

    def generate(self, reports: Sequence[Report]) -> list[Prediction]:
        """The same impression for each report."""
        return [Prediction(report.study_id, self.impression) for report in reports]
