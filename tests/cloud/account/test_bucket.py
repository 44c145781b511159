import json
from dataclasses import replace

import pytest
from botocore.stub import Stubber

from radimpress.cloud.account.bucket import bucket_exists, encryption, make_bucket
from radimpress.cloud.session import Session, open_session
from radimpress.cloud.tags import tags
from radimpress.config.cloud import Cloud
from radimpress.runtime.errors import RadimpressError

KEY = "arn:aws:kms:us-east-1:123456789012:key/0a1b"


@pytest.fixture
def new(loopback, monkeypatch: pytest.MonkeyPatch) -> Session:
    """An account in which our bucket is missing."""
    monkeypatch.setenv("RADIMPRESS_BUCKET", "radimpress-new")
    return open_session(Cloud(tags={"team": "chest"}))


def test_a_new_bucket_is_private_encrypted_versioned_and_tagged(new: Session) -> None:
    assert not bucket_exists(new)
    make_bucket(new)
    make_bucket(new)  # the second time changes nothing
    assert bucket_exists(new)
    s3, at = new.client("s3"), {"Bucket": "radimpress-new"}
    blocked = s3.get_public_access_block(**at)["PublicAccessBlockConfiguration"]
    assert blocked == dict.fromkeys(blocked, True)
    assert len(blocked) == 4
    assert s3.get_bucket_versioning(**at)["Status"] == "Enabled"
    (rule,) = s3.get_bucket_encryption(**at)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    found = {tag["Key"]: tag["Value"] for tag in s3.get_bucket_tagging(**at)["TagSet"]}
    assert found["radimpress:project"] == "radimpress"
    assert found["team"] == "chest"


def test_in_aws_the_bucket_refuses_plain_http(new: Session) -> None:
    s3 = new.client("s3")
    real = replace(new, endpoint_url="https://s3.example", named_account=new.account)
    theirs = {"Sid": "Theirs", "Effect": "Deny"}
    outdated = {"Sid": "OnlyTls", "Effect": "Allow"}
    present = json.dumps({"Statement": [theirs, outdated]})
    with Stubber(s3) as answers:
        answers.add_response("head_bucket", {})
        answers.add_response("get_bucket_tagging", {"TagSet": tags(new.cloud, "bucket")})
        answers.add_response("get_bucket_tagging", {"TagSet": []})
        for operation in (
            *("put_bucket_tagging", "put_public_access_block", "put_bucket_encryption"),
            "put_bucket_versioning",
        ):
            answers.add_response(operation, {})
        answers.add_response("get_bucket_lifecycle_configuration", {"Rules": []})
        answers.add_response("put_bucket_lifecycle_configuration", {})
        answers.add_response("get_bucket_policy", {"Policy": present})
        answers.add_response("put_bucket_policy", {})
        taken: list[str] = []
        s3.meta.events.register(
            "provide-client-params.s3.PutBucketPolicy",
            lambda params, **_: taken.append(params["Policy"]),
        )
        make_bucket(real)
        answers.assert_no_pending_responses()
    (policy,) = taken
    sids = [one["Sid"] for one in json.loads(policy)["Statement"]]
    assert sids == ["Theirs", "OnlyTls", "OnlyNewTls", "OnlyServerSideEncryption"]
    assert json.loads(policy)["Statement"][1]["Effect"] == "Deny"


def test_what_holds_report_text_is_forgotten_with_its_old_versions(new: Session) -> None:
    make_bucket(new)
    make_bucket(new)
    told = new.client("s3").get_bucket_lifecycle_configuration(Bucket="radimpress-new")
    rules = {rule["Filter"]["Prefix"]: rule for rule in told["Rules"]}
    assert len(rules) == len(told["Rules"]) == 4
    for prefix in ("invoke/", "endpoints/", "batch/"):
        assert rules[prefix]["Status"] == "Enabled"
        assert rules[prefix]["NoncurrentVersionExpiration"]["NoncurrentDays"] == 1
    for prefix in ("invoke/", "endpoints/"):
        assert rules[prefix]["Expiration"]["Days"] == 3
    assert "Days" not in rules["batch/"]["Expiration"], "a batch may take longer"
    assert rules[""]["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"] == 7


def test_a_bucket_with_the_work_of_others_is_left_as_it_is(new: Session) -> None:
    s3, at = new.client("s3"), {"Bucket": "radimpress-new"}
    s3.create_bucket(**at)
    s3.put_object(**at, Key="theirs", Body=b"")
    with pytest.raises(RadimpressError, match="holds objects and does not carry the tag"):
        make_bucket(new)
    assert "Status" not in s3.get_bucket_versioning(**at)
    theirs = [{"Key": "radimpress:project", "Value": "radimpress"}, {"Key": "a", "Value": "b"}]
    s3.put_bucket_tagging(**at, Tagging={"TagSet": theirs})
    make_bucket(new)
    found = {tag["Key"]: tag["Value"] for tag in s3.get_bucket_tagging(**at)["TagSet"]}
    assert found["a"] == "b"
    assert found["radimpress:kind"] == "bucket"


def test_a_configured_key_is_the_default_encryption(new: Session) -> None:
    rule = encryption(replace(new, cloud=Cloud(kms_key=KEY)))
    assert rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"] == KEY
    assert rule["BucketKeyEnabled"]


def test_other_regions_are_named_when_the_bucket_is_made(
    new: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    abroad = open_session(Cloud())
    make_bucket(abroad)
    where = abroad.client("s3").get_bucket_location(Bucket="radimpress-new")
    assert where["LocationConstraint"] == "eu-central-1"


def test_a_bucket_of_somebody_else_is_refused_in_one_line(new: Session) -> None:
    with Stubber(new.client("s3")) as answers:
        answers.add_client_error("head_bucket", "403", http_status_code=403)
        with pytest.raises(
            RadimpressError, match="radimpress-new exists, but account 123456789012"
        ):
            bucket_exists(new)
