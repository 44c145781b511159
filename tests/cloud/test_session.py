import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from botocore.stub import Stubber

from radimpress.cloud.endpoints.refusal import is_outage
from radimpress.cloud.session import open_session
from radimpress.config.cloud import Cloud
from radimpress.runtime.errors import RadimpressError

ACCOUNT = "123456789012"
SERVICES = ("sts", "s3", "sagemaker", "sagemaker-runtime", "logs", "cloudwatch", "quicksight")


@pytest.fixture(autouse=True)
def environment(monkeypatch, tmp_path):
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    for name in ("RADIMPRESS_ROLE_ARN", "RADIMPRESS_BUCKET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")


def test_the_region_is_the_configured_one_then_the_environments(monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    assert open_session(Cloud()).region == "eu-west-1"
    assert open_session(Cloud(region="us-east-2")).region == "us-east-2"


def test_without_a_region_the_next_step_is_named():
    with pytest.raises(RadimpressError, match="no AWS region is set; next: export AWS_REGION"):
        open_session(Cloud())


def test_an_unknown_profile_is_one_line():
    with pytest.raises(RadimpressError, match="nobody"):
        open_session(Cloud(profile="nobody"))


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_is_asked_at_the_given_address(monkeypatch, service):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    session = open_session(Cloud(region="us-east-1"))
    assert session.is_loopback
    assert session.client(service).meta.endpoint_url == "http://127.0.0.1:9"


@pytest.mark.timeout(10)
@pytest.mark.parametrize("service", ["s3", "sts"])
def test_a_loopback_that_ended_is_said_at_once_and_is_an_outage(monkeypatch, service):
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    client = open_session(Cloud(region="us-east-1")).client(service)
    with pytest.raises(RadimpressError, match=f"nobody listens at {url}.*; next: start") as caught:
        client.list_buckets() if service == "s3" else client.get_caller_identity()
    assert is_outage(caught.value)


@pytest.mark.parametrize("service", SERVICES)
def test_aws_is_asked_over_tls(service):
    session = open_session(Cloud(region="us-east-1"))
    assert not session.is_loopback
    assert session.client(service).meta.endpoint_url.startswith("https://")


def test_plain_http_is_for_this_machine_only(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://10.0.0.1:9")
    with pytest.raises(RadimpressError, match="not encrypted"):
        open_session(Cloud(region="us-east-1"))


def test_names_follow_from_project_account_and_region(monkeypatch):
    session = open_session(Cloud(region="us-east-1", project="chest"))
    session.__dict__["account"] = "123456789012"
    assert session.bucket == "chest-123456789012-us-east-1"
    assert session.role_arn == "arn:aws:iam::123456789012:role/chest-execution"
    monkeypatch.setenv("RADIMPRESS_BUCKET", "ours")
    assert open_session(Cloud(region="us-east-1")).bucket == "ours"
    assert open_session(Cloud(region="us-east-1", bucket="mine")).bucket == "mine"


@pytest.mark.parametrize(
    ("region", "partition"),
    [("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")],
)
def test_the_role_is_named_in_the_world_of_its_region(region, partition):
    session = replace(open_session(Cloud(region=region)), named_account=ACCOUNT)
    assert session.role_arn == f"arn:{partition}:iam::{ACCOUNT}:role/radimpress-execution"


def test_the_address_of_one_service_must_be_encrypted_too(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://10.0.0.1:9")
    session = open_session(Cloud(region="us-east-1"))
    with pytest.raises(RadimpressError, match=r"address of s3 is http://10.* not encrypted"):
        session.client("s3")
    assert session.client("sts").meta.endpoint_url.startswith("https://")


def test_our_bucket_is_only_asked_as_a_bucket_of_our_account(monkeypatch):
    session = replace(open_session(Cloud(region="us-east-1")), named_account=ACCOUNT)
    s3, sent = session.client("s3"), []
    s3.meta.events.register_last(
        "provide-client-params.s3", lambda params, **_: sent.append(dict(params))
    )
    with Stubber(s3) as answers:
        answers.add_response("put_object", {})
        answers.add_response("put_object", {})
        s3.put_object(Bucket=session.bucket, Key="k", Body=b"")
        s3.put_object(Bucket="of-others", Key="k", Body=b"")
    assert [one.get("ExpectedBucketOwner") for one in sent] == [ACCOUNT, None]


def test_threads_that_ask_at_once_get_one_client():
    session = open_session(Cloud(region="us-east-1"))
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: session.client("sts"), range(8)))
    assert len({id(one) for one in made}) == 1
