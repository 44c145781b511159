import pytest

from radimpress.corpus.headers import Part, part_of


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("FINDINGS", Part.FINDINGS),
        ("Findings", Part.FINDINGS),
        ("FINDING", Part.FINDINGS),
        ("FINIDNGS", Part.FINDINGS),
        ("FINDNGS", Part.FINDINGS),
        ("REFERENCE FINDINGS", Part.FINDINGS),
        ("TECHNIQUE AND FINDINGS", Part.FINDINGS),
        ("IMPRESSION", Part.IMPRESSION),
        ("IMPRESSOIN", Part.IMPRESSION),
        ("MPRESSION", Part.IMPRESSION),
        ("Conclusion", Part.IMPRESSION),
        ("FINAL IMPRESSION", Part.IMPRESSION),
        ("IMPRESSION (CHEST, 2 VIEWS)", Part.IMPRESSION),
        ("FINDINGS AND IMPRESSION", Part.COMBINED),
        ("FINDINGS/IMPRESSION", Part.COMBINED),
        ("Findings & impression", Part.COMBINED),
        ("INDICATION", Part.BACKGROUND),
        ("COMPARISON & TECHNIQUE", Part.BACKGROUND),
        ("REASON FOR EXAM", Part.BACKGROUND),
        ("CLINICAL IMPRESSION", Part.BACKGROUND),
        ("Type of examination", Part.BACKGROUND),
        ("CHEST, 2 VIEWS", Part.VIEW),
        ("Chest, 2 views", Part.VIEW),
        ("PA AND LATERAL VIEWS OF THE CHEST", Part.VIEW),
        ("AP chest compared to ___", Part.VIEW),
        ("WET READ", Part.ASIDE),
        ("ADDENDUM", Part.ASIDE),
        ("RECOMMENDATION(S)", Part.ASIDE),
        ("PROVISIONAL FINDINGS IMPRESSION (PFI)", Part.ASIDE),
        ("Preliminary report", Part.ASIDE),
        ("LUNGS", Part.UNKNOWN),
        ("INCIDENTAL FINDINGS", Part.UNKNOWN),
        ("COMPRESSION", Part.UNKNOWN),
    ],
)
def test_a_header_is_known_by_its_words(name: str, part: Part) -> None:
    assert part_of(name) is part


@pytest.mark.parametrize(
    "prose",
    ["These findings", "The tube", "Heart", "Chest", "No history of cough", "", "12", "___"],
)
def test_prose_before_a_colon_is_no_header(prose: str) -> None:
    assert part_of(prose) is None
