from dataclasses import replace

import pytest

from radimpress.cloud.policy.resources import Place, Scope

HERE = Place(
    "123456789012",
    "us-east-1",
    "radimpress",
    "radimpress-123456789012-us-east-1",
    "arn:aws:iam::123456789012:role/radimpress-execution",
)


def test_arns_name_one_projects_things() -> None:
    assert HERE.arn(Scope.objects) == "arn:aws:s3:::radimpress-123456789012-us-east-1/*"
    assert HERE.arn(Scope.training_jobs) == (
        "arn:aws:sagemaker:us-east-1:123456789012:training-job/radimpress-*"
    )
    assert HERE.arn(Scope.role) == HERE.role
    dashed = replace(HERE, project="chest-ct")
    assert dashed.arn(Scope.glue_database).endswith("database/chest_ct")


@pytest.mark.parametrize(
    ("region", "partition"),
    [("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")],
)
def test_china_and_government_have_worlds_of_their_own(region: str, partition: str) -> None:
    place = replace(HERE, region=region)
    assert place.arn(Scope.bucket).startswith(f"arn:{partition}:")


def test_every_scope_but_one_is_narrower_than_everything() -> None:
    whole = replace(HERE, kms_key="arn:aws:kms:::key/1", tracking="arn:aws:sagemaker:::m/1")
    wide = [scope for scope in Scope if whole.arn(scope) == "*"]
    assert wide == [Scope.anything]
    assert all("{" not in whole.arn(scope) for scope in Scope)
