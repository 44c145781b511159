from dataclasses import replace

import pytest

from radimpress.cloud.jobs.execution import execution, variables, volume_gb
from radimpress.config.load import compose

URI = "s3://bucket/checkpoints/"


@pytest.fixture
def rented(root, monkeypatch):
    monkeypatch.chdir(root)
    return compose(["compute=sagemaker_loopback"])


def asking(config, **job):
    return replace(config, compute=replace(config.compute, job=replace(config.compute.job, **job)))


def test_on_demand_has_a_limit_and_no_waiting_time(rented):
    members = execution(asking(rented, spot=False, max_hours=0.5), URI)
    assert members["StoppingCondition"] == {"MaxRuntimeInSeconds": 1800}
    assert not {"EnableManagedSpotTraining", "RetryStrategy"} & set(members)


def test_spot_waits_retries_and_keeps_checkpoints(rented):
    members = execution(asking(rented, spot=True, max_hours=0.5), URI)
    assert members["EnableManagedSpotTraining"] is True
    stopping = {"MaxRuntimeInSeconds": 1800, "MaxWaitTimeInSeconds": 3600}
    assert members["StoppingCondition"] == stopping
    assert members["RetryStrategy"] == {"MaximumRetryAttempts": 3}
    assert members["CheckpointConfig"] == {"S3Uri": URI, "LocalPath": "/opt/ml/checkpoints"}
    assert variables(rented)["RADIMPRESS_CHECKPOINTS"] == "/opt/ml/checkpoints"


def test_without_checkpoints_neither_aws_nor_the_program_hears_of_them(rented):
    config = asking(rented, checkpoints=False)
    assert "CheckpointConfig" not in execution(config, URI)
    assert "RADIMPRESS_CHECKPOINTS" not in variables(config)


def test_the_volume_takes_the_key_where_its_machine_does(rented):
    keyed = replace(rented, cloud=replace(rented.cloud, kms_key="key"))
    m5, g5 = (asking(keyed, instance_type=name) for name in ("ml.m5.2xlarge", "ml.g5.48xlarge"))
    assert execution(m5, URI)["ResourceConfig"]["VolumeKmsKeyId"] == "key"
    assert "VolumeKmsKeyId" not in execution(g5, URI)["ResourceConfig"]


def test_the_volume_holds_every_checkpoint(root, monkeypatch):
    monkeypatch.chdir(root)
    tiny = compose()
    xl = compose(["model=flan_t5_xl", "training=flan"])
    assert volume_gb(tiny) == 30
    checkpoint = 2.85 * 12
    assert volume_gb(xl) > 30 + checkpoint * (xl.training.evaluations + 1)
