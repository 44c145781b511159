"""The requests, held against AWS's own description of them."""

from dataclasses import replace
from pathlib import Path

import pytest

from loopback.validation import validate
from radimpress.cloud.account.bucket import lifecycle_rules
from radimpress.cloud.endpoints.config import (
    Names,
    Place,
    config_request,
    config_tags,
    lineage_tags,
    mode_of,
    model_request,
    names,
)
from radimpress.cloud.endpoints.packaged_model import LARGE, PackagedModel
from radimpress.config.cloud import Cloud
from radimpress.config.deployment import Deployment, EndpointMode

KEY = "arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012"
ROLE = "arn:aws:iam::123456789012:role/radimpress-execution"
PLACE = Place(Cloud(), ROLE, "bucket", "123456789012.dkr.ecr.us-east-1.amazonaws.com/radimpress:1")
FENCED = replace(
    PLACE,
    cloud=Cloud(
        kms_key=KEY, subnets=["subnet-1"], security_groups=["sg-1"], network_isolation=True
    ),
)
PACKAGE = PackagedModel("radimpress", "7", "ab" * 32, "cd" * 32, 10, lambda s, _: Path(s))
DATA = "s3://bucket/models/ef/model.tar.gz"


def modes():
    return [Deployment(mode=mode) for mode in EndpointMode]


@pytest.mark.parametrize("deployment", modes(), ids=lambda d: d.mode.value)
@pytest.mark.parametrize("place", [PLACE, FENCED], ids=["open", "fenced"])
def test_aws_allows_the_requests(deployment, place):
    deployment = replace(deployment, data_capture_percent=10)
    found = names(place, deployment, PACKAGE)
    model = model_request(place, deployment, PACKAGE, found.model, DATA)
    config = config_request(place, deployment, found)
    tags = config_tags(place, "endpoint-config", PACKAGE, "c" * 40)
    assert validate("sagemaker", "CreateModel", model) == []
    assert validate("sagemaker", "CreateEndpointConfig", {**config, "Tags": tags}) == []
    assert mode_of(config) is deployment.mode


def test_the_names_say_version_and_model_and_fit():
    long = replace(PLACE, cloud=Cloud(project="a" * 25))
    found = names(long, Deployment(), replace(PACKAGE, version="123456"))
    assert found.model.startswith(f"{'a' * 25}-v123456-abababab-")
    assert len(found.model) <= 63
    assert found.config.startswith(f"{'a' * 25}-v123456-abababab-")
    assert found.model != found.config


def test_the_same_is_named_the_same_and_anything_else_is_not():
    base = names(PLACE, Deployment(), PACKAGE)
    assert names(PLACE, Deployment(), replace(PACKAGE, write=lambda s, _: s)) == base
    for other in (
        (PLACE, Deployment(), replace(PACKAGE, digest="0")),
        (replace(PLACE, image="another"), Deployment(), PACKAGE),
        (FENCED, Deployment(), PACKAGE),
    ):
        assert names(*other).model != base.model
    for deployment in (
        Deployment(instance_type="ml.c7i.large"),
        Deployment(endpoint="another"),
        Deployment(mode=EndpointMode.serverless),
    ):
        assert names(PLACE, deployment, PACKAGE).config != base.config
    assert names(PLACE, Deployment(canary_wait_s=9), PACKAGE) == base  # how, and not what


def test_a_large_model_is_fetched_as_files():
    large = replace(PACKAGE, size=LARGE + 1)
    request = model_request(PLACE, Deployment(), large, "m", "s3://bucket/models/ef")
    source = request["PrimaryContainer"]["ModelDataSource"]["S3DataSource"]
    assert source == {
        "S3Uri": "s3://bucket/models/ef/",
        "S3DataType": "S3Prefix",
        "CompressionType": "None",
    }


def test_the_fence_of_the_account_is_put_around_the_model():
    request = model_request(FENCED, Deployment(), PACKAGE, "m", DATA)
    assert request["VpcConfig"] == {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}
    assert request["EnableNetworkIsolation"] is True
    assert "VpcConfig" not in model_request(PLACE, Deployment(), PACKAGE, "m", DATA)


@pytest.mark.parametrize(
    ("machine", "has_key"),
    [
        ("ml.c7i.xlarge", True),
        ("ml.m5.xlarge", True),
        ("ml.g5.xlarge", False),
        ("ml.c5d.xlarge", False),
        ("ml.p4d.24xlarge", False),
    ],
)
def test_a_machine_with_its_own_disk_is_given_no_key(machine, has_key):
    request = config_request(FENCED, Deployment(instance_type=machine), Names("m", "c"))
    assert ("KmsKeyId" in request) is has_key


def test_nothing_is_captured_unless_asked():
    assert "DataCaptureConfig" not in config_request(PLACE, Deployment(), Names("m", "c"))


def test_what_is_captured_lies_where_no_lifecycle_rule_removes_it():
    asked = config_request(PLACE, Deployment(data_capture_percent=5), Names("m", "c"))
    place = asked["DataCaptureConfig"]["DestinationS3Uri"].removeprefix(f"s3://{PLACE.bucket}/")
    assert place == "captured/radimpress"
    passing = [rule["Filter"]["Prefix"] for rule in lifecycle_rules() if "Expiration" in rule]
    assert not [prefix for prefix in passing if place.startswith(prefix)]


def test_lineage_tags_leave_out_what_is_not_known():
    assert set(lineage_tags(PACKAGE, "")) == {"radimpress:version", "radimpress:model-sha256"}
    assert lineage_tags(PACKAGE, "c")["radimpress:git-commit"] == "c"
