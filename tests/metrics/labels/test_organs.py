import pytest

from radimpress.metrics.labels.labeller import label
from radimpress.metrics.labels.observations import Observation


def presences(text: str) -> dict[str, str]:
    return {
        each.value: found.presence.value
        for each, found in label(text).items()
        if each is not Observation.NO_FINDING
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Heart size is normal.", {"Cardiomegaly": "negative"}),
        ("Enlarged heart.", {"Cardiomegaly": "positive"}),
        ("Heart size is at the upper limits of normal.", {"Cardiomegaly": "uncertain"}),
        ("The heart is large.", {"Cardiomegaly": "positive"}),
        ("The heart is not enlarged.", {"Cardiomegaly": "negative"}),
        ("Heart size is stable.", {}),
        ("The mediastinum is widened.", {"Enlarged Cardiomediastinum": "positive"}),
        (
            "Normal cardiomediastinal silhouette.",
            {"Enlarged Cardiomediastinum": "negative", "Cardiomegaly": "negative"},
        ),
        ("Enlarged cardiomediastinal silhouette.", {"Enlarged Cardiomediastinum": "positive"}),
        ("The lungs are clear.", {"Lung Opacity": "negative", "Consolidation": "negative"}),
        ("Costophrenic angles are sharp.", {"Pleural Effusion": "negative"}),
        ("The pulmonary vasculature is engorged.", {"Edema": "positive"}),
        ("Pulmonary vascularity is normal.", {"Edema": "negative"}),
    ],
)
def test_the_state_of_an_organ_says_an_observation(text: str, expected: dict[str, str]) -> None:
    assert presences(text) == expected
