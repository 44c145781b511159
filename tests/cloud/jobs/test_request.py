import json
from dataclasses import replace

import pytest
import yaml
from botocore.validate import ParamValidator

from radimpress.cloud.jobs.identity import identity
from radimpress.cloud.jobs.request import job_request
from radimpress.cloud.session import open_session
from radimpress.cloud.storage import get_folder


def built(config, attempt=1, lineage=None):
    session = open_session(config.cloud)
    lineage = lineage or {"radimpress.git_commit": "c" * 40}
    return job_request(session, config, identity(config, "train"), attempt, lineage)


def channels(request):
    return {
        one["ChannelName"]: one["DataSource"]["S3DataSource"]["S3Uri"]
        for one in request["InputDataConfig"]
    }


@pytest.fixture
def request_(remote, loopback):
    return built(remote)


def test_aws_takes_the_request(request_, loopback):
    shape = loopback.client("sagemaker").meta.service_model.operation_model("CreateTrainingJob")
    assert not ParamValidator().validate(request_, shape.input_shape).has_errors()
    assert request_["TrainingJobName"].endswith("-1")


def test_the_configuration_is_a_file_and_no_hyperparameter(request_, remote, tmp_path):
    assert not request_.get("HyperParameters")
    get_folder(open_session(remote.cloud), channels(request_)["config"], tmp_path / "config")
    params = yaml.safe_load((tmp_path / "config/params.yaml").read_text())
    assert params["training"]["max_steps"] == remote.training.max_steps
    job = json.loads((tmp_path / "config/job.json").read_text())
    assert job["inputs"] == {"splits": "data/splits", "foundation": "models/foundation"}
    assert job["outs"] == ["models/finetuned", "reports/training"]


def test_an_apostrophe_in_the_prompt_is_no_danger(remote, loopback, tmp_path):
    model = replace(remote.model, prompt="the patient's {findings} $(rm -rf /) \"")
    request = built(replace(remote, model=model))
    get_folder(open_session(remote.cloud), channels(request)["config"], tmp_path / "config")
    params = yaml.safe_load((tmp_path / "config/params.yaml").read_text())
    assert params["model"]["prompt"] == model.prompt


def test_the_second_request_uploads_nothing(request_, remote, loopback):
    before = loopback.calls["s3:PutObject"]
    assert channels(built(remote, attempt=2)) == channels(request_)
    assert loopback.calls["s3:PutObject"] == before


def test_output_is_uncompressed_and_named_by_the_key(request_, remote):
    output, key = request_["OutputDataConfig"], identity(remote, "train").key
    assert output["CompressionType"] == "NONE"
    assert output["S3OutputPath"].endswith(f"/jobs/{key}/output/")
    assert request_["CheckpointConfig"]["S3Uri"].endswith(f"/jobs/{key}/checkpoints/")


def test_tags_name_project_key_result_and_commit(request_, remote):
    tags = {tag["Key"]: tag["Value"] for tag in request_["Tags"]}
    assert tags["radimpress:project"] == "radimpress"
    assert tags["radimpress:key"] == identity(remote, "train").key
    assert tags["radimpress:result"] == identity(remote, "train").result
    assert tags["radimpress:git-commit"] == "c" * 40


def test_sagemaker_reads_the_losses(request_):
    metrics = request_["AlgorithmSpecification"]["MetricDefinitions"]
    assert {one["Name"] for one in metrics} >= {"train:loss", "val:loss"}


def test_on_demand_has_no_waiting_time(request_):
    assert "EnableManagedSpotTraining" not in request_
    assert request_["StoppingCondition"] == {"MaxRuntimeInSeconds": 3600}


def test_spot_waits_and_retries(remote, loopback):
    job = replace(remote.compute.job, spot=True)
    request = built(replace(remote, compute=replace(remote.compute, job=job)))
    assert request["EnableManagedSpotTraining"] is True
    stopping = request["StoppingCondition"]
    assert stopping["MaxWaitTimeInSeconds"] > stopping["MaxRuntimeInSeconds"]
    assert request["RetryStrategy"]["MaximumRetryAttempts"] > 0


def test_machines_are_kept_warm_where_asked(remote, loopback):
    assert "KeepAlivePeriodInSeconds" not in built(remote)["ResourceConfig"]
    job = replace(remote.compute.job, keep_alive_minutes=5)
    request = built(replace(remote, compute=replace(remote.compute, job=job)))
    assert request["ResourceConfig"]["KeepAlivePeriodInSeconds"] == 300


def test_security_settings_reach_the_request(remote, loopback):
    key = "arn:aws:kms:us-east-1:123456789012:key/1"
    cloud = replace(
        remote.cloud,
        kms_key=key,
        subnets=["subnet-1"],
        security_groups=["sg-1"],
        network_isolation=True,
    )
    request = built(replace(remote, cloud=cloud))
    assert request["VpcConfig"] == {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]}
    assert request["EnableNetworkIsolation"] is True
    assert request["OutputDataConfig"]["KmsKeyId"] == key
    assert request["ResourceConfig"]["VolumeKmsKeyId"] == key


def test_machines_that_train_together_encrypt_what_they_tell_each_other(remote, loopback):
    request = built(replace(remote, compute=replace(remote.compute, nodes=2, processes=2)))
    assert request["ResourceConfig"]["InstanceCount"] == 2
    assert request["EnableInterContainerTrafficEncryption"] is True


def test_no_word_of_a_report_is_in_the_request(remote, loopback, workspace):
    for name in ("train", "validation", "test"):
        (workspace / f"data/splits/{name}.parquet").write_text("CANARY")
    assert "CANARY" not in json.dumps(built(remote), default=str)


def test_a_job_is_told_of_a_store_that_it_reaches_and_of_no_other(remote, loopback):
    server = replace(remote, tracking=replace(remote.tracking, uri="https://mlflow.example"))
    isolated = replace(server, cloud=replace(server.cloud, network_isolation=True))
    assert built(server)["Environment"]["MLFLOW_TRACKING_URI"] == "https://mlflow.example"
    assert "MLFLOW_TRACKING_URI" not in built(remote)["Environment"]
    assert "MLFLOW_TRACKING_URI" not in built(isolated)["Environment"]
