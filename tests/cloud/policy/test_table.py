import ast
from collections.abc import Iterator
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name

from radimpress.cloud.policy.action import Only, Who
from radimpress.cloud.policy.resources import Scope
from radimpress.cloud.policy.table import ACTIONS, needed, operations

# boto3's own conveniences, and what they do.
TRANSFERS = {
    "upload_file": {"s3:PutObject", "s3:CreateMultipartUpload"},
    "download_file": {"s3:GetObject", "s3:HeadObject"},
}
# From the Service Authorization Reference: these know no resource type.
NO_RESOURCE = {
    *("sagemaker:ListTrainingJobs", "sagemaker:ListHyperParameterTuningJobs"),
    *("sagemaker:ListTransformJobs", "sagemaker:ListProcessingJobs", "sagemaker:ListModels"),
    *("sagemaker:ListEndpoints", "sagemaker:ListEndpointConfigs", "sagemaker:ListPipelines"),
    *("sagemaker:Search", "cloudwatch:PutMetricData", "cloudwatch:GetMetricData"),
    *("application-autoscaling:DescribeScalableTargets", "ecr:GetAuthorizationToken"),
    *("application-autoscaling:DescribeScalingPolicies", "servicequotas:GetServiceQuota"),
    *("servicequotas:ListServiceQuotas", "tag:GetResources", "sts:GetCallerIdentity"),
}


@pytest.fixture(scope="module")
def services() -> dict[str, set[str]]:
    session = botocore.session.get_session()
    names = {name.split(":")[0] for one in ACTIONS for name in one.operations}
    return {name: set(session.get_service_model(name).operation_names) for name in names}


def test_every_operation_exists_in_botocore(services: dict[str, set[str]]) -> None:
    for one in ACTIONS:
        for name in one.operations:
            service, operation = name.split(":")
            assert operation in services[service], name


def test_no_action_is_a_wildcard_and_none_is_named_twice_for_the_same() -> None:
    assert not [one.name for one in ACTIONS if "*" in one.name]
    keys = [(one.name, one.scopes, who) for one in ACTIONS for who in one.who]
    assert len(keys) == len(set(keys))


def test_any_resource_is_allowed_only_where_the_action_knows_none() -> None:
    anywhere = {one.name for one in ACTIONS if Scope.anything in one.scopes}
    network = {one.name for one in ACTIONS if one.only is Only.vpc}
    assert anywhere - network == NO_RESOURCE
    assert all(name.startswith("ec2:") for name in network)


def test_passing_the_role_is_limited_to_sagemaker() -> None:
    (passing,) = [one for one in ACTIONS if one.name == "iam:PassRole"]
    assert passing.condition == (
        "StringEquals",
        "iam:PassedToService",
        "sagemaker.amazonaws.com",
    )
    assert passing.scopes == (Scope.role,)


def test_options_add_their_actions_and_nothing_else() -> None:
    bare = {one.name for one in needed(Who.role, ())}
    keyed = {one.name for one in needed(Who.role, [Only.kms])}
    assert keyed - bare == {
        *("kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey", "kms:CreateGrant")
    }
    assert not [name for name in bare if name.startswith(("ec2:", "kms:", "sagemaker-mlflow:"))]


def test_jobs_cannot_create_jobs_or_endpoints_and_only_set_up_makes_buckets() -> None:
    assert not [name for name in operations(Who.role) if name.startswith("sagemaker:")]
    for who in Who:
        assert ("s3:CreateBucket" in operations(who)) == (who is Who.setup)


def test_every_operation_that_the_code_names_is_in_the_table(root: Path) -> None:
    every = frozenset().union(*(operations(who) for who in Who))
    asked = {(name, where) for name, where in named_operations(root)}
    assert len(asked) > 40  # the search finds something
    missing = {(alternatives, where) for alternatives, where in asked if not alternatives & every}
    assert not missing


def named_operations(root: Path) -> Iterator[tuple[frozenset[str], str]]:
    """Methods and paginators in radimpress.cloud that are called like an AWS operation.

    A method may exist in several services: any of them will do. Words that are no more than a word
    ("verify") are names of many things.
    """
    session = botocore.session.get_session()
    spelled: dict[str, set[str]] = dict(TRANSFERS)
    for service in {name.split(":")[0] for one in ACTIONS for name in one.operations}:
        for operation in session.get_service_model(service).operation_names:
            if "_" in (name := xform_name(operation)) or name == "search":
                spelled.setdefault(name, set()).add(f"{service}:{operation}")
    folder = root / "src/radimpress/cloud"
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = node.func.attr if is_method_call(node) else node
            if isinstance(node, ast.Constant):
                name = node.value
            if isinstance(name, str) and name in spelled:
                yield frozenset(spelled[name]), path.relative_to(folder).as_posix()


def is_method_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
