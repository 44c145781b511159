import pytest

from radimpress.metrics.labels.labeller import label
from radimpress.metrics.labels.observations import Observation

SYNONYMS = {
    Observation.ENLARGED_CARDIOMEDIASTINUM: ["Mediastinal widening.", "Widened mediastinum."],
    Observation.CARDIOMEGALY: ["Cardiomegaly.", "Cardiac enlargement.", "The heart is enlarged."],
    Observation.LUNG_LESION: ["Left nodule.", "A cavitary lesion.", "Hilar mass.", "Metastases."],
    Observation.LUNG_OPACITY: ["Infiltrate.", "Air-space disease.", "Hazy opacities.", "Scarring."],
    Observation.EDEMA: ["Edema.", "CHF.", "Vascular congestion.", "Kerley B lines."],
    Observation.CONSOLIDATION: ["Consolidation.", "Consolidative opacity."],
    Observation.PNEUMONIA: ["Pneumonia.", "Infectious process.", "Bronchopneumonia."],
    Observation.ATELECTASIS: ["Atelectasis.", "Left lower lobe collapse.", "Atelectatic changes."],
    Observation.PNEUMOTHORAX: ["Pneumothorax.", "Pneumothoraces.", "Hydropneumothorax."],
    Observation.PLEURAL_EFFUSION: ["Effusion.", "Pleural fluid.", "Hemothorax.", "Empyema."],
    Observation.PLEURAL_OTHER: ["Pleural thickening.", "Calcified pleural plaques."],
    Observation.FRACTURE: ["Rib fracture.", "Compression deformity of T12.", "Fractured rib."],
    Observation.SUPPORT_DEVICES: ["PICC in place.", "ET tube.", "Pacemaker.", "Sternotomy wires."],
}


@pytest.mark.parametrize(
    ("observation", "text"), [(each, text) for each, texts in SYNONYMS.items() for text in texts]
)
def test_each_way_to_name_an_observation_states_it(observation: Observation, text: str) -> None:
    assert label(text)[observation].asserted


@pytest.mark.parametrize(
    "text",
    [
        "Small pericardial effusion.",
        "Calcified granuloma.",
        "Subcutaneous emphysema.",
        "Sclerotic density of the humerus.",
        "Soft tissue edema of the neck.",
        "Prominent right heart border.",
        "Low lung volumes.",
    ],
)
def test_what_only_sounds_like_an_observation_is_none(text: str) -> None:
    assert [each for each in label(text) if each is not Observation.NO_FINDING] == []


def test_a_blunted_costophrenic_angle_is_a_possible_effusion() -> None:
    found = label("Blunting of the left costophrenic angle.")[Observation.PLEURAL_EFFUSION]
    assert found.presence.value == "uncertain"
    assert [side.value for side in found.sides] == ["left"]
