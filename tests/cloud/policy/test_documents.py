import json
from dataclasses import replace
from typing import Any

import pytest

from radimpress.cloud.policy.action import Who
from radimpress.cloud.policy.documents import (
    LIMIT,
    bucket_policy,
    identity_policy,
    place,
    trust_policy,
)
from radimpress.cloud.policy.resources import Place
from radimpress.cloud.session import open_session
from radimpress.config.cloud import Cloud

HERE = Place(
    "123456789012",
    "us-east-1",
    "radimpress",
    "radimpress-123456789012-us-east-1",
    "arn:aws:iam::123456789012:role/radimpress-execution",
)
WIDEST = replace(
    HERE,
    kms_key="arn:aws:kms:us-east-1:123456789012:key/0a1b",
    vpc=True,
    tracking="arn:aws:sagemaker:us-east-1:123456789012:mlflow-tracking-server/ours",
)
KEYS = {"Sid", "Effect", "Principal", "Action", "Resource", "Condition"}


def sound(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The statements of a document that IAM's grammar allows."""
    assert document["Version"] == "2012-10-17"
    statements = document["Statement"]
    sids = [one["Sid"] for one in statements]
    assert len(sids) == len(set(sids))
    for one in statements:
        assert set(one) <= KEYS
        assert one["Effect"] in {"Allow", "Deny"}
        assert one["Sid"].isalnum()
    return statements


@pytest.mark.parametrize("who", Who)
@pytest.mark.parametrize("where", [HERE, WIDEST])
def test_identity_policies_are_sound_narrow_and_within_iams_limit(who: Who, where: Place) -> None:
    document = identity_policy(where, who)
    for one in sound(document):
        assert one["Effect"] == "Allow"
        assert "Principal" not in one
        assert one["Action"] == sorted(set(one["Action"]))
        assert not [action for action in one["Action"] if "*" in action]
        assert all(arn == "*" or arn.startswith("arn:aws:") for arn in one["Resource"])
    assert len(json.dumps(document, separators=(",", ":"))) <= LIMIT


def test_only_sagemaker_of_this_account_may_take_the_role() -> None:
    (one,) = sound(trust_policy(HERE))
    assert one["Principal"] == {"Service": "sagemaker.amazonaws.com"}
    assert one["Action"] == "sts:AssumeRole"
    assert one["Condition"]["StringEquals"] == {"aws:SourceAccount": "123456789012"}


def test_the_bucket_policy_only_denies_plain_http_and_other_encryption() -> None:
    statements = sound(bucket_policy(WIDEST))
    assert {one["Effect"] for one in statements} == {"Deny"}
    by_sid = {one["Sid"]: one for one in statements}
    assert by_sid["OnlyTls"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    key = by_sid["OnlyOurKey"]["Condition"]["StringNotEquals"]
    assert list(key.values()) == [WIDEST.kms_key]
    assert "OnlyOurKey" not in {one["Sid"] for one in bucket_policy(HERE)["Statement"]}


def test_the_conditions_are_filled_in() -> None:
    text = json.dumps(identity_policy(WIDEST, Who.role))
    assert '"cloudwatch:namespace": "radimpress*"' in text
    assert "{" not in text.replace('{"', "").replace("[{", "").replace(": {", "")


def test_aws_takes_them(loopback) -> None:
    """moto parses policies with the grammar of IAM and refuses what is malformed."""
    iam = loopback.client("iam")
    for who in Who:
        document = json.dumps(identity_policy(WIDEST, who))
        iam.create_policy(PolicyName=f"radimpress-{who.value}", PolicyDocument=document)
    with pytest.raises(iam.exceptions.MalformedPolicyDocumentException):
        iam.create_policy(PolicyName="bad", PolicyDocument='{"Version": "2012-10-17"}')
    trust = json.dumps(trust_policy(HERE))
    iam.create_role(RoleName="other", AssumeRolePolicyDocument=trust)
    loopback.client("s3").put_bucket_policy(
        Bucket=HERE.bucket, Policy=json.dumps(bucket_policy(HERE))
    )


def test_the_place_is_that_of_the_session(loopback) -> None:
    made = place(open_session(Cloud(subnets=["subnet-1"])), "arn:aws:sagemaker:x")
    assert (made.account, made.bucket, made.role) == (HERE.account, HERE.bucket, HERE.role)
    assert (made.vpc, made.tracking) == (True, "arn:aws:sagemaker:x")
    assert place(open_session(Cloud()), "sqlite:///x.db").tracking is None
