from radimpress.cloud.policy.action import Only, Who
from radimpress.cloud.policy.resources import Scope
from radimpress.cloud.policy.sagemaker_actions import ENDPOINTS, IMAGES, JOBS, MLFLOW


def test_who_trains_asks_endpoints_but_does_not_change_them() -> None:
    may = {one.name for one in ENDPOINTS if Who.user in one.who}
    assert may == {
        *("sagemaker:DescribeEndpoint", "sagemaker:InvokeEndpoint"),
        *("sagemaker:InvokeEndpointAsync", "sagemaker:ListTags"),
    }


def test_who_deploys_starts_no_jobs() -> None:
    assert not [one.name for one in JOBS if Who.deployer in one.who and ":Create" in one.name]


def test_images_are_pulled_by_the_role_and_never_pushed() -> None:
    assert not [one.name for one in IMAGES if "Put" in one.name or "Upload" in one.name]


def test_mlflow_is_only_for_a_managed_server_and_deletes_no_runs() -> None:
    assert {one.only for one in MLFLOW} == {Only.mlflow}
    assert {scope for one in MLFLOW for scope in one.scopes} == {Scope.tracking}
    assert not [one.name for one in MLFLOW if "DeleteRun" in one.name or "DeleteExp" in one.name]
