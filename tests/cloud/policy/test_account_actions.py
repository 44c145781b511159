from radimpress.cloud.policy.account_actions import ACCOUNT, BUCKET, DATA, KEY, NETWORK, RESULTS
from radimpress.cloud.policy.action import Only, Who
from radimpress.cloud.policy.resources import Scope


def test_reading_and_writing_stay_inside_the_projects_bucket() -> None:
    writing = [one for one in (*DATA, *RESULTS) if one.name in {"s3:PutObject", "s3:DeleteObject"}]
    assert {scope for one in writing for scope in one.scopes} == {Scope.objects, Scope.results}


def test_who_publishes_results_cannot_write_elsewhere() -> None:
    assert not [one for one in DATA if Who.dashboard in one.who]


def test_changes_of_the_bucket_itself_are_for_setting_it_up() -> None:
    for one in BUCKET:
        if ":Put" in one.name or ":Create" in one.name:
            assert one.who == (Who.setup,), one.name


def test_keys_and_network_are_asked_for_where_they_are_configured() -> None:
    assert {one.only for one in KEY} == {Only.kms}
    assert {one.only for one in NETWORK} == {Only.vpc}
    assert {one.only for one in ACCOUNT} == {Only.always}
