import pytest

from radimpress.baselines.lead import Lead
from radimpress.corpus.report import Prediction, Report

REPORT = Report("s1", "", "t", "", "A 7.5 cm mass. Seen by Dr. Lee. No effusion.", "Mass.")


@pytest.mark.parametrize(
    ("sentences", "said"),
    [
        (1, "A 7.5 cm mass."),
        (2, "A 7.5 cm mass. Seen by Dr. Lee."),
        (9, "A 7.5 cm mass. Seen by Dr. Lee. No effusion."),
    ],
)
def test_the_first_sentences_of_the_findings_are_said(sentences: int, said: str):
    assert Lead(sentences).generate([REPORT]) == [Prediction("s1", said)]
