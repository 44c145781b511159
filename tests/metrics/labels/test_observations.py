import pytest

from radimpress.metrics.labels.observations import PATHOLOGIES, Label, Observation, Presence


def test_there_are_the_fourteen_observations_of_chexpert_in_its_order() -> None:
    names = [each.value for each in Observation]
    assert len(names) == 14
    assert names[0] == "No Finding"
    assert names[-1] == "Support Devices"


def test_pathologies_are_the_twelve_between_no_finding_and_support_devices() -> None:
    assert tuple(Observation)[1:-1] == PATHOLOGIES


@pytest.mark.parametrize(
    ("presence", "asserted"),
    [(Presence.POSITIVE, True), (Presence.UNCERTAIN, True), (Presence.NEGATIVE, False)],
)
def test_a_possible_finding_is_asserted_and_an_excluded_one_is_not(
    presence: Presence, asserted: bool
) -> None:
    assert Label(presence).asserted is asserted
