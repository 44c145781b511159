import pytest

from radimpress.metrics.labels.labeller import label
from radimpress.metrics.labels.observations import Observation

NAMES = {
    "opacity": Observation.LUNG_OPACITY,
    "effusion": Observation.PLEURAL_EFFUSION,
    "atelectasis": Observation.ATELECTASIS,
    "consolidation": Observation.CONSOLIDATION,
    "pneumonia": Observation.PNEUMONIA,
    "pneumothorax": Observation.PNEUMOTHORAX,
    "edema": Observation.EDEMA,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Left effusion.", {"effusion": "left"}),
        ("Effusion on the right.", {"effusion": "right"}),
        ("Right-sided effusion.", {"effusion": "right"}),
        ("Opacity in the lingula.", {"opacity": "left"}),
        ("Right middle lobe opacity.", {"opacity": "right"}),
        ("Middle lobe opacity.", {"opacity": "right"}),
        ("Left middle lobe opacity.", {"opacity": "left"}),
        ("Bibasilar opacities.", {"opacity": "left right"}),
        ("Opacities in both lungs.", {"opacity": "left right"}),
        ("Opacities in the lung bases.", {"opacity": "left right"}),
        ("Right greater than left effusions.", {"effusion": "left right"}),
        ("Small right and moderate left effusions.", {"effusion": "left right"}),
        ("Left effusion and atelectasis.", {"effusion": "left", "atelectasis": "left"}),
        ("Atelectasis and effusion at the left base.", {"effusion": "left", "atelectasis": "left"}),
        ("Left atelectasis and right effusion.", {"atelectasis": "left", "effusion": "right"}),
        (
            "Consolidation in the right lung and effusion on the left.",
            {"consolidation": "right", "effusion": "left"},
        ),
        (
            "Effusions, left greater than right, and left atelectasis.",
            {"effusion": "left right", "atelectasis": "left"},
        ),
        (
            "Left opacity, which may represent pneumonia.",
            {"opacity": "left", "pneumonia": "left"},
        ),
        ("In the left lung, there is an opacity.", {"opacity": "left"}),
        ("Left effusion, no pneumothorax.", {"effusion": "left", "pneumothorax": ""}),
        ("Left effusion and edema.", {"effusion": "left", "edema": ""}),
        ("Effusion.", {"effusion": ""}),
    ],
)
def test_a_finding_takes_the_side_word_that_belongs_to_it(
    text: str, expected: dict[str, str]
) -> None:
    found = label(text)
    sides = {
        name: " ".join(sorted(side.value for side in found[NAMES[name]].sides)) for name in expected
    }
    assert sides == expected


@pytest.mark.parametrize("text", ["Left pacemaker, cardiomegaly.", "Cardiomegaly, right effusion."])
def test_the_heart_has_no_side(text: str) -> None:
    assert label(text)[Observation.CARDIOMEGALY].sides == frozenset()
