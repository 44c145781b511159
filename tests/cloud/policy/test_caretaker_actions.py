from radimpress.cloud.policy.caretaker_actions import LOOKING, TAKING_DOWN
from radimpress.cloud.policy.resources import Scope


def test_looking_goes_everywhere_and_taking_down_only_where_the_projects_name_is() -> None:
    assert any(scope.name.startswith("all_") for one in LOOKING for scope in one.scopes)
    for one in TAKING_DOWN:
        for scope in one.scopes:
            assert scope is not Scope.anything
            assert not scope.name.startswith("all_"), one.name


def test_looking_changes_nothing() -> None:
    verbs = {one.name.split(":")[1] for one in LOOKING}
    assert all(verb.startswith(("List", "Describe", "Get")) for verb in verbs)
