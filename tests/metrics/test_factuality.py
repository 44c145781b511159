import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radimpress.metrics.factuality import Factuality, assess
from radimpress.metrics.labels.observations import Observation

CONSTANT = "No acute cardiopulmonary abnormality."
SENTENCES = [
    "Small left pleural effusion.",
    "No pneumothorax.",
    "Right lower lobe opacity may represent pneumonia.",
    "The heart is enlarged.",
    "The lungs are clear.",
    "Stable 5 mm nodule in the left upper lobe.",
    "No acute fracture.",
    "Old right rib fractures.",
]


def check(findings: str, prediction: str, reference: str = "", background: str = "") -> Factuality:
    return assess(findings, background, reference, prediction)


def names(observations: tuple[Observation, ...]) -> list[str]:
    return [each.value for each in observations]


@pytest.mark.parametrize(
    ("findings", "prediction", "expected"),
    [
        ("The lungs are clear.", "Left effusion.", ["Pleural Effusion"]),
        ("The lungs are clear.", "Possible left effusion.", ["Pleural Effusion"]),
        ("Left effusion.", "Left effusion.", []),
        ("Possible effusion.", "Left effusion.", []),
        ("Right airspace opacity.", "Right pneumonia.", []),
        ("The heart is enlarged.", CONSTANT, []),
        ("Left effusion.", "No pneumothorax.", []),
        ("No effusion.", "Right PICC in place.", ["Support Devices"]),
    ],
)
def test_a_hallucination_is_asserted_without_grounds_in_the_findings(
    findings: str, prediction: str, expected: list[str]
) -> None:
    assert names(check(findings, prediction).hallucinated) == expected


@pytest.mark.parametrize(
    ("findings", "reference", "prediction", "expected"),
    [
        ("Left effusion.", "Left effusion.", CONSTANT, ["Pleural Effusion"]),
        ("Left effusion.", "Left effusion.", "Possible effusion.", []),
        ("Left effusion.", CONSTANT, CONSTANT, []),
        ("No effusion.", "Left effusion.", CONSTANT, []),
        ("Possible effusion.", "Left effusion.", CONSTANT, []),
        ("Left opacity.", "Left opacity.", "Left pneumonia.", []),
        ("Left opacity. Pneumonia.", "Pneumonia.", "Left opacity.", ["Pneumonia"]),
    ],
)
def test_an_omission_stands_in_findings_and_reference_and_not_in_the_prediction(
    findings: str, reference: str, prediction: str, expected: list[str]
) -> None:
    assert names(check(findings, prediction, reference).omitted) == expected


@pytest.mark.parametrize(
    ("findings", "prediction", "expected"),
    [
        ("No effusion.", "Left effusion.", ["Pleural Effusion"]),
        ("Left effusion.", "No effusion.", ["Pleural Effusion"]),
        ("No effusion.", "Possible effusion.", []),
        ("Possible effusion.", "No effusion.", []),
        ("No left effusion. Right effusion.", "No left effusion.", []),
        ("No left effusion.", "Right effusion.", []),
        ("Old rib fractures.", "No acute fracture.", []),
        ("Small effusion.", "No large effusion.", []),
        ("Left effusion.", CONSTANT, []),
    ],
)
def test_a_contradiction_is_a_flipped_negation(
    findings: str, prediction: str, expected: list[str]
) -> None:
    assert names(check(findings, prediction).contradicted) == expected


@pytest.mark.parametrize(
    ("findings", "prediction", "expected"),
    [
        ("Left effusion.", "Right effusion.", ["Pleural Effusion"]),
        ("Left effusion.", "Left effusion.", []),
        ("Left effusion.", "Bilateral effusions.", []),
        ("Bilateral effusions.", "Right effusion.", []),
        ("Effusion.", "Right effusion.", []),
        ("Left effusion.", "Effusion.", []),
        ("Left opacity.", "Right pneumonia.", ["Pneumonia"]),
        ("Left atelectasis. Right opacity, possibly atelectasis.", "Right atelectasis.", []),
        ("Edema. Left opacity.", "Right opacity.", ["Lung Opacity"]),
    ],
)
def test_a_side_flip_is_the_same_finding_on_the_other_side(
    findings: str, prediction: str, expected: list[str]
) -> None:
    assert names(check(findings, prediction).side_flipped) == expected


def test_numbers_and_comparisons_come_from_findings_or_background() -> None:
    found = check("A nodule.", "Unchanged 9 mm nodule.")
    assert found.invented_numbers == ("9 mm",)
    assert found.unfounded_comparisons == ("unchanged",)
    known = check("A nodule.", "Unchanged 9 mm nodule.", background="Comparison: CT, 9 mm nodule.")
    assert known.invented_numbers == known.unfounded_comparisons == ()


def test_matched_extra_and_missed_split_what_prediction_and_reference_assert() -> None:
    found = check("", "Left effusion. Cardiomegaly.", "Possible effusion. Edema.")
    assert names(found.matched) == ["Pleural Effusion"]
    assert names(found.extra) == ["Cardiomegaly"]
    assert names(found.missed) == ["Edema"]


def test_two_normal_impressions_match_in_no_finding() -> None:
    assert names(check("", "No acute disease.", CONSTANT).matched) == ["No Finding"]


@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6).map(" ".join))
def test_findings_are_true_to_themselves(findings: str) -> None:
    assert is_true_to_itself(check(findings, findings))


def test_every_real_report_is_true_to_itself(indiana_half: Path) -> None:
    for report in json.loads(indiana_half.read_text(encoding="utf-8")):
        found = assess(
            report["findings"], report["background"], report["impression"], report["findings"]
        )
        assert is_true_to_itself(found), report["study_id"]


def test_real_impressions_are_nearly_always_true_to_their_findings(indiana_half: Path) -> None:
    reports = json.loads(indiana_half.read_text(encoding="utf-8"))
    found = [
        assess(each["findings"], each["background"], each["impression"], each["impression"])
        for each in reports
    ]
    assert sum(bool(each.hallucinated) for each in found) / len(found) < 0.03
    assert sum(bool(each.contradicted) for each in found) / len(found) < 0.015
    assert sum(bool(each.side_flipped) for each in found) / len(found) < 0.005
    assert sum(bool(each.invented_numbers) for each in found) / len(found) < 0.01
    assert not any(each.omitted for each in found)


def is_true_to_itself(found: Factuality) -> bool:
    return not (
        found.hallucinated
        or found.contradicted
        or found.side_flipped
        or found.invented_numbers
        or found.unfounded_comparisons
    )
