import pytest

from radimpress.corpus.raw import background_of


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (
            [("INDICATION", "Cough."), ("COMPARISON", "None.")],
            "Indication: Cough. Comparison: None.",
        ),
        ([("section_clinical_history", " Cough. ")], "Clinical history: Cough."),
        ([("indication", ""), ("background", "Indication: Cough.")], "Indication: Cough."),
        ([], ""),
    ],
)
def test_named_texts_become_one_background(parts: list[tuple[str, str]], expected: str) -> None:
    assert background_of(parts) == expected
