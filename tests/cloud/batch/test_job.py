import json
from datetime import UTC, datetime, timedelta

import pytest

from radimpress.cloud.batch import job
from radimpress.cloud.batch.estimate import Estimate
from radimpress.cloud.batch.store import BucketStore
from radimpress.cloud.batch.work import Shard
from radimpress.cloud.storage import get_text

KEY = "0123456789abcdef" * 2
MISSING = [Shard("000001-b.parquet", 3, "ids"), Shard("000004-e.parquet", 3, "ids")]
PLANNED = Estimate(6, 2, "ml.m5.large", 0.2, 0.05, 0.115, 0.5)


def fence(config):
    """A key, a VPC and no network."""
    config.cloud.kms_key = "arn:aws:kms:us-east-1:123456789012:key/k"
    config.cloud.subnets, config.cloud.security_groups = ["subnet-1", "subnet-2"], ["sg-1"]
    config.cloud.network_isolation = True


@pytest.fixture
def sent(session, there, model_folder, loopback):
    """What CreateProcessingJob was asked for."""
    asked = {}
    fence(there)

    def create(call):
        asked.update(call.request)
        return {"ProcessingJobArn": "arn"}

    before = dict(loopback.operations)
    loopback.operations["sagemaker:CreateProcessingJob"] = create
    loopback.operations["sagemaker:DescribeProcessingJob"] = lambda _: {
        "ProcessingJobStatus": "InProgress",
        "ProcessingResources": asked["ProcessingResources"],
    }
    store = BucketStore(session, KEY)
    started = job.start(session, there, KEY, 3, model_folder, store, MISSING, PLANNED)
    loopback.operations.clear()
    loopback.operations.update(before)
    assert started == job.BatchJob("radimpress-batch-0123456789ab-3", 3, "InProgress", "", 0.0)
    return asked


def test_a_job_gets_a_list_of_the_missing_shards_and_shares_them(sent, session):
    (shards,) = [i["S3Input"] for i in sent["ProcessingInputs"] if i["InputName"] == "input"]
    assert (shards["S3DataType"], shards["S3DataDistributionType"]) == (
        *("ManifestFile", "ShardedByS3Key"),
    )
    text = get_text(session, shards["S3Uri"])
    assert "000001-b.parquet" in text
    assert "000004-e.parquet" in text
    assert f"batch/{KEY}/input/" in text


def test_a_finished_shard_is_uploaded_at_once_and_encrypted(sent):
    config = sent["ProcessingOutputConfig"]
    assert config["KmsKeyId"].endswith("key/k")
    assert config["Outputs"][0]["S3Output"]["S3UploadMode"] == "Continuous"
    assert sent["ProcessingResources"]["ClusterConfig"]["VolumeKmsKeyId"].endswith("key/k")


def test_a_fenced_account_is_fenced_for_a_batch_too(sent, session):
    network = sent["NetworkConfig"]
    assert network["EnableNetworkIsolation"] is True
    assert network["VpcConfig"] == {
        "Subnets": ["subnet-1", "subnet-2"],
        "SecurityGroupIds": ["sg-1"],
    }
    (settings,) = [
        i["S3Input"]["S3Uri"] for i in sent["ProcessingInputs"] if i["InputName"] == "settings"
    ]
    assert json.loads(get_text(session, f"{settings}job.json")) == {"isolated": True}


def test_a_machine_with_its_own_disk_is_given_no_key(session, there, model_folder):
    fence(there)
    there.compute.job.instance_type = "ml.g5.xlarge"
    store = BucketStore(session, KEY)
    asked = job._request(session, there, KEY, 1, model_folder, store, MISSING, PLANNED)
    assert "VolumeKmsKeyId" not in asked["ProcessingResources"]["ClusterConfig"]
    assert asked["ProcessingOutputConfig"]["KmsKeyId"].endswith("key/k")


def test_without_settings_nothing_is_fenced(session, there, model_folder):
    store = BucketStore(session, KEY)
    asked = job._request(session, there, KEY, 1, model_folder, store, MISSING, PLANNED)
    assert asked["NetworkConfig"] == {"EnableNetworkIsolation": False}
    assert "KmsKeyId" not in str(asked)


def test_the_time_limit_is_what_the_money_lasts_for(sent):
    assert sent["StoppingCondition"] == {"MaxRuntimeInSeconds": 1800}
    assert sent["ProcessingResources"]["ClusterConfig"]["InstanceCount"] == 2


def test_it_is_found_again_by_its_tags_and_name(sent):
    tags = {tag["Key"]: tag["Value"] for tag in sent["Tags"]}
    assert tags["radimpress:project"] == "radimpress"
    assert tags["radimpress:key"] == KEY
    assert "Clear" not in str(sent)


def test_what_was_paid_is_counted_in_hours_of_one_machine(session, loopback):
    begun = datetime(2026, 11, 23, 12, tzinfo=UTC)
    before = loopback.operations["sagemaker:DescribeProcessingJob"]
    loopback.operations["sagemaker:DescribeProcessingJob"] = lambda _: {
        "ProcessingJobStatus": "Failed",
        "FailureReason": "AlgorithmError",
        "ExitMessage": "error: models/x is missing",
        "ProcessingResources": {"ClusterConfig": {"InstanceCount": 4}},
        "ProcessingStartTime": begun,
        "ProcessingEndTime": begun + timedelta(minutes=30),
    }
    found = job.read_job(session, "radimpress-batch-0123456789ab-7")
    loopback.operations["sagemaker:DescribeProcessingJob"] = before
    assert found.machine_hours == pytest.approx(2.0)
    assert (found.attempt, found.is_running) == (7, False)
    assert found.reason == "error: models/x is missing"
