import pytest

from radimpress.config.schema import Cleaning, ListNumbers
from radimpress.corpus.cleaning import Drop, NormalPair, clean_text, drop_reason


def reason(findings: str, impression: str, settings: Cleaning | None = None) -> Drop | None:
    normal = NormalPair.of(findings, impression)
    return drop_reason(findings, impression, normal, settings or Cleaning())


@pytest.mark.parametrize(
    ("list_numbers", "expected"),
    [
        (ListNumbers.strip, "Seen by ###. Fracture of rib 7. No air."),
        (ListNumbers.keep, "1. Seen by ###. 2. Fracture of rib 7. No air."),
    ],
)
def test_texts_are_tidied_as_configured(list_numbers: ListNumbers, expected: str) -> None:
    text = " 1. Seen by XXXX.\n 2. Fracture  of\trib 7. No air. "
    assert clean_text(text, list_numbers, "###") == expected


def test_line_breaks_help_to_tell_an_items_number() -> None:
    text = "1. Effusion, right\n2. Fracture of a rib\n3. Stable"
    assert clean_text(text, ListNumbers.strip, "___") == "Effusion, right Fracture of a rib Stable"


@pytest.mark.parametrize(
    "impression",
    [
        "As above.",
        "See above.",
        "See findings.",
        "As described above.",
        "1. Please see the findings section above.",
        "Findings as described above.",
        "Please refer to the body of the report.",
        "See comment below",
        "As per findings.",
        "Same as above",
    ],
)
def test_an_impression_that_points_elsewhere_is_dropped(impression: str) -> None:
    assert reason("The lungs are clear.", impression) is Drop.POINTER
    assert reason("The lungs are clear.", impression, Cleaning(drop_pointers=False)) is None


@pytest.mark.parametrize(
    "impression",
    ["As above. No pneumonia.", "No acute findings.", "Nodule, see above.", "No findings"],
)
def test_an_impression_that_says_something_is_kept(impression: str) -> None:
    assert reason("The lungs are clear.", impression) is None


@pytest.mark.parametrize(
    ("findings", "impression", "expected"),
    [
        ("Lungs clear.", "No disease.", Drop.FINDINGS_TOO_SHORT),
        ("The lungs are clear.", "Normal.", Drop.IMPRESSION_TOO_SHORT),
        ("word " * 11, "No disease.", Drop.FINDINGS_TOO_LONG),
        ("The lungs are clear.", "word " * 6, Drop.IMPRESSION_TOO_LONG),
        ("word " * 10, "other " * 5, None),
        ("The lungs are", "No disease.", None),
    ],
)
def test_lengths_are_counted_in_words(
    findings: str, impression: str, expected: Drop | None
) -> None:
    settings = Cleaning(max_findings_words=10, max_impression_words=5)
    assert reason(findings, impression, settings) is expected


def test_findings_that_hold_the_impression_are_dropped_where_asked() -> None:
    pair = ("Heart is normal. No acute disease.", "1. No acute DISEASE")
    assert reason(*pair) is Drop.LEAK
    assert reason(*pair, Cleaning(drop_leaks=False)) is None
    assert reason("There is no acute diseased lung.", "No acute disease.") is None
