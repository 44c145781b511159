from itertools import pairwise

import pytest

from radimpress.metrics.labels.clauses import clauses
from radimpress.metrics.labels.scanner import scan


def cut(sentence: str) -> list[str]:
    found = clauses(sentence, scan(sentence))
    starts = [clause[0].start for clause in found] + [len(sentence)]
    starts[0] = 0
    return [sentence[low:high].strip() for low, high in pairwise(starts)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("no pneumothorax but small effusion", ["no pneumothorax", "but small effusion"]),
        ("no pneumothorax; effusion", ["no pneumothorax", "; effusion"]),
        ("effusion and pneumothorax are not seen", ["effusion and pneumothorax are not seen"]),
        (
            "the effusion has resolved and the heart is enlarged",
            ["the effusion has resolved", "and the heart is enlarged"],
        ),
        (
            "there is no effusion, pneumothorax is small",
            ["there is no effusion", ", pneumothorax is small"],
        ),
        (
            "no effusion, consolidation, or pneumothorax is seen",
            ["no effusion, consolidation, or pneumothorax is seen"],
        ),
        ("opacity, which may represent pneumonia", ["opacity,", "which may represent pneumonia"]),
        (
            "opacity which appears to be within the left lung",
            ["opacity which appears to be within the left lung"],
        ),
        (
            "in the left lung, there is an opacity",
            ["in the left lung", ", there is an opacity"],
        ),
    ],
)
def test_a_clause_ends_where_a_new_statement_begins(sentence: str, expected: list[str]) -> None:
    assert cut(sentence) == expected
