import io
import tarfile

import pytest

from loopback.validation import validate
from radimpress.cloud.session import open_session
from radimpress.cloud.storage import Address
from radimpress.cloud.sweeps.space import Strategy, read_space
from radimpress.cloud.sweeps.tuning_request import tuning_request

SWEPT = ["training.batch_size=16,32", "training.learning_rate=tag(log,interval(1e-5,1e-3))"]


@pytest.fixture
def request_(remote, loopback):
    session = open_session(remote.cloud)
    space = read_space(SWEPT)
    lineage = {"radimpress.git_commit": "c" * 40}
    return tuning_request(
        session, remote, space, Strategy.random, 6, 2, "radimpress-sweep-0-1", "k" * 64, lineage
    )


def test_aws_takes_the_request(request_):
    assert validate("sagemaker", "CreateHyperParameterTuningJob", request_) == []


def test_values_are_plain_and_drawn_by_sagemaker(request_):
    config = request_["HyperParameterTuningJobConfig"]
    assert config["ParameterRanges"] == {
        "CategoricalParameterRanges": [
            {"Name": "training.batch_size", "Values": ["16", "32"]},
        ],
        "ContinuousParameterRanges": [
            {
                "Name": "training.learning_rate",
                "MinValue": "1e-05",
                "MaxValue": "0.001",
                "ScalingType": "Logarithmic",
            }
        ],
    }
    limits = {"MaxNumberOfTrainingJobs": 6, "MaxParallelTrainingJobs": 2}
    assert config["ResourceLimits"] == limits


def test_the_jobs_start_without_modeltrainers_drivers(request_, loopback):
    definition = request_["TrainingJobDefinition"]
    channels = {one["ChannelName"] for one in definition["InputDataConfig"]}
    assert channels == {"code", "config", "splits", "foundation"}
    archive = Address.of(definition["StaticHyperParameters"]["sagemaker_submit_directory"])
    s3 = loopback.client("s3")
    data = s3.get_object(Bucket=archive.bucket, Key=archive.key)["Body"].read()
    with tarfile.open(fileobj=io.BytesIO(data)) as packed:
        assert packed.getnames() == ["trial.py"]


def test_trials_keep_checkpoints_only_where_their_machine_may_be_taken(request_):
    definition = request_["TrainingJobDefinition"]
    assert "CheckpointConfig" not in definition
    assert "RADIMPRESS_CHECKPOINTS" not in definition["Environment"]


def test_tags_lead_back_to_the_sweep(request_):
    tags = {one["Key"]: one["Value"] for one in request_["Tags"]}
    assert tags["radimpress:project"] == "radimpress"
    assert tags["radimpress:kind"] == "tuning-job"
    assert tags["radimpress:key"] == "k" * 64
