"""The baseline that copies: the first sentences of the findings."""

from collections.abc import Sequence

from radimpress.baselines.sentences import split_sentences
from radimpress.corpus.report import Prediction, Report


class Lead:
    """Says the first `sentences` sentences of the findings."""

    name = "lead"

    def __init__(self, sentences: int) -> None:
        self.sentences = sentences

    def generate(self, reports: Sequence[Report]) -> list[Prediction]:
        """Copy the opening of each report's findings."""
        return [
            Prediction(
                report.study_id, " ".join(split_sentences(report.findings)[: self.sentences])
            )
            for report in reports
        ]
