import pytest

from loopback.jumpstart import offer
from loopback.validation import validate
from radimpress.cloud.jumpstart.request import jumpstart_request
from radimpress.cloud.jumpstart.training import jumpstart_identity
from radimpress.cloud.session import open_session
from radimpress.config.load import compose
from radimpress.corpus.report import Report, write_reports


@pytest.fixture
def request_(root, workspace, loopback, model_folder, monkeypatch):
    monkeypatch.chdir(workspace)
    config = compose(["experiment=jumpstart"], root / "conf")
    report = Report("s1", "p1", "invented", "", "CANARY.", "Normal chest.")
    write_reports(workspace / "data/splits/train.parquet", [report])
    offer(loopback, config.compute.job.jumpstart_model, model_folder)
    session = open_session(config.cloud)
    splits = workspace / "data/splits"
    return jumpstart_request(session, config, jumpstart_identity(config), 1, splits)


def test_the_catalogue_gives_image_script_and_weights_and_we_the_data(request_):
    assert validate("sagemaker", "CreateTrainingJob", request_) == []
    channels = {
        one["ChannelName"]: one["DataSource"]["S3DataSource"]["S3Uri"]
        for one in request_["InputDataConfig"]
    }
    assert channels["model"] == "s3://jumpstart-cache-prod-us-east-1/weights/"
    assert channels["training"].startswith("s3://radimpress-")
    assert request_["HyperParameters"]["epochs"].strip('"') == "3"
    assert request_["ResourceConfig"]["InstanceType"] == "ml.p3.16xlarge"
    assert "CANARY" not in str(request_)


def test_it_carries_our_name_and_tags(request_):
    tags = {tag["Key"]: tag["Value"] for tag in request_["Tags"]}
    assert tags["radimpress:project"] == "radimpress"
    assert request_["TrainingJobName"].startswith("radimpress-jumpstart-")
