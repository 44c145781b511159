import pytest

from radimpress.metrics.labels.labeller import label
from radimpress.metrics.labels.observations import PATHOLOGIES, Observation
from radimpress.metrics.labels.support import ENTAILS, READ_AS, conveyed, excluders, grounds


@pytest.mark.parametrize(
    ("observation", "findings", "expected"),
    [
        (Observation.PNEUMONIA, "Right lower lobe airspace opacity.", {Observation.LUNG_OPACITY}),
        (Observation.PNEUMONIA, "Right lower lobe consolidation.", {Observation.CONSOLIDATION}),
        (Observation.LUNG_OPACITY, "Bibasilar atelectasis.", {Observation.ATELECTASIS}),
        (Observation.PNEUMONIA, "No opacity.", set()),
        (Observation.PNEUMONIA, "Left effusion.", set()),
        (Observation.EDEMA, "Possible edema.", {Observation.EDEMA}),
        (Observation.PNEUMOTHORAX, "Opacity and effusion.", set()),
    ],
)
def test_a_finding_backs_its_interpretation(
    observation: Observation, findings: str, expected: set[Observation]
) -> None:
    assert grounds(observation, label(findings)) == expected


def test_pneumonia_conveys_an_opacity_and_an_opacity_no_pneumonia() -> None:
    assert conveyed(Observation.LUNG_OPACITY, label("Pneumonia."))
    assert not conveyed(Observation.PNEUMONIA, label("Opacity."))


def test_no_pathology_entails_itself_and_all_stay_among_pathologies() -> None:
    for relation in (ENTAILS, READ_AS):
        for one, others in relation.items():
            assert one not in others
            assert {one, *others} <= set(PATHOLOGIES)


def test_what_excludes_a_finding_is_itself_its_parents_and_its_signs() -> None:
    assert excluders(Observation.PNEUMONIA) == {
        Observation.PNEUMONIA,
        Observation.LUNG_OPACITY,
        Observation.CONSOLIDATION,
    }
    assert excluders(Observation.PNEUMOTHORAX) == {Observation.PNEUMOTHORAX}
    assert Observation.CONSOLIDATION in excluders(Observation.LUNG_OPACITY, limited=True)
    assert Observation.CONSOLIDATION not in excluders(Observation.LUNG_OPACITY)
