import pytest

from radimpress.metrics.labels.clauses import clauses
from radimpress.metrics.labels.scanner import scan
from radimpress.metrics.labels.scopes import mentions

MARKS = {"positive": "+", "negative": "-", "uncertain": "?"}


def said(sentence: str) -> str:
    """Each finding of an observation with its mark, in the order of the text."""
    return " ".join(
        MARKS[mention.presence.value] if mention.presence else "0"
        for clause in clauses(sentence, scan(sentence))
        for mention in mentions(clause)
        if mention.term.observations
    )


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        # before
        ("no effusion", "-"),
        ("no effusion, consolidation or pneumothorax", "- - -"),
        ("negative for edema", "-"),
        ("lungs are free of consolidation", "-"),
        ("resolution of the effusion", "-"),
        ("resolved effusion", "-"),
        ("no findings suspicious for pneumonia", "-"),
        ("no opacity to suggest pneumonia", "- -"),
        # after
        ("effusion is not seen", "-"),
        ("edema has resolved", "-"),
        ("effusion and pneumothorax are absent", "- -"),
        ("pneumonia is unlikely", "-"),
        ("prior effusion, now gone", "-"),
        # ended
        ("no pneumothorax but a small effusion", "- +"),
        ("no pneumothorax with small effusion", "- +"),
        ("no pneumothorax, small effusion", "- +"),
        ("no pneumothorax, left nodule", "- +"),
        ("no effusion is seen, left opacity", "- +"),
        ("no consolidation due to edema", "- +"),
        ("no acute process and no change in the opacity", "+"),
        # only seeming
        ("no change in the effusion", "+"),
        ("no significant interval change in the effusion", "+"),
        ("no increase in effusion", "+"),
        ("the effusion has not resolved", "+"),
        ("nearly resolved pneumonia", "+"),
        ("opacity not seen on the prior exam", "+"),
        ("not only effusion", "+"),
        ("without new effusion", "-"),
        ("no longer any effusion", "-"),
        # doubt
        ("possible effusion", "?"),
        ("opacity may represent pneumonia", "+ ?"),
        ("opacity, likely atelectasis", "+ ?"),
        ("may represent atelectasis, pneumonia, or edema", "? ? ?"),
        ("likely atelectasis, small effusion", "? +"),
        ("likely atelectasis and left effusion", "? +"),
        ("pneumonia cannot be excluded", "?"),
        ("pneumonia is possible", "?"),
        ("pneumonia possible", "?"),
        ("effusion may be present", "?"),
        ("atelectasis versus pneumonia", "? ?"),
        ("atelectasis or consolidation", "? ?"),
        ("effusion versus scar", "? ?"),
        ("no effusion, possibly atelectasis", "- ?"),
        # not of this study
        ("history of pneumonia", "0"),
        ("if clinical concern for fracture", "0"),
        # devices alone are removed
        ("the tube has been removed", "-"),
        ("removal of the tube with increased opacity", "- +"),
    ],
)
def test_a_cue_reaches_as_far_as_a_radiologist_means_it(sentence: str, expected: str) -> None:
    assert said(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("no large effusion or pneumothorax", [True, False]),
        ("no new effusion or consolidation", [True, True]),
        ("no focal consolidation", [False]),
        ("no focal opacity", [True]),
        ("no effusion", [False]),
    ],
)
def test_a_limit_narrows_what_is_excluded(sentence: str, expected: list[bool]) -> None:
    found = [m for c in clauses(sentence, scan(sentence)) for m in mentions(c)]
    assert [mention.limited for mention in found] == expected
