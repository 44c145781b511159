"""The baseline that remembers: the impression of the training report with the nearest findings."""

from collections.abc import Sequence

from radimpress.corpus.neighbours import Neighbours
from radimpress.corpus.report import Prediction, Report


class Retrieval:
    """Says what was said of the nearest training findings by TF-IDF cosine."""

    name = "retrieval"

    def __init__(self, train: Sequence[Report]) -> None:
        self.train = train
        self.neighbours = Neighbours(train)

    def generate(self, reports: Sequence[Report]) -> list[Prediction]:
        """The nearest training impression for each report."""
        nearest = self.neighbours.nearest([report.findings for report in reports], k=1)
        return [
            Prediction(report.study_id, self.train[indices[0]].impression)
            for report, indices in zip(reports, nearest, strict=True)
        ]
