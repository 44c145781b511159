import pytest

from radimpress.metrics.all_clear import of_acute_disease_alone, says_all_clear


@pytest.mark.parametrize(
    "sentence",
    [
        "No acute cardiopulmonary abnormality",
        "No evidence of active disease",
        "There is no radiographic evidence of acute cardiopulmonary disease",
        "Negative for acute findings",
        "Normal chest",
        "Otherwise normal chest radiograph",
        "The chest is unremarkable",
        "Unremarkable radiographs of the chest",
    ],
)
def test_a_general_negation_and_a_normal_study_are_all_clear(sentence: str) -> None:
    assert says_all_clear(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "No pneumothorax",
        "No hiatal hernia",
        "Emphysema without acute disease",
        "Acute cardiopulmonary disease",
        "The chest is not normal",
        "Recommend CT of the chest",
        "Normal heart size",
        "",
    ],
)
def test_one_finding_excluded_or_anything_stated_is_not(sentence: str) -> None:
    assert not says_all_clear(sentence)


def test_acute_disease_alone_is_told_from_disease() -> None:
    assert of_acute_disease_alone("No acute cardiopulmonary abnormality")
    assert not of_acute_disease_alone("Normal chest")
