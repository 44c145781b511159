from dataclasses import replace

import pytest

from radimpress.cloud.endpoints.config import Place, names
from radimpress.cloud.endpoints.packaged_model import LARGE, PackagedModel, StoredModel
from radimpress.cloud.endpoints.parts import data_folder, make_parts, model_data
from radimpress.cloud.endpoints.state import described_config, described_model
from radimpress.cloud.storage import manifest, objects, put_folder, remove_folder
from radimpress.config.deployment import Deployment

DEPLOYMENT = Deployment()


@pytest.fixture
def package():
    written = []

    def write(scratch, as_archive):
        written.append(as_archive)
        if as_archive:
            (scratch / "model.tar.gz").write_bytes(b"archive")
            return scratch / "model.tar.gz"
        (scratch / "model").mkdir()
        (scratch / "model" / "config.json").write_bytes(b"{}")
        return scratch / "model"

    made = PackagedModel("radimpress", "7", "ab" * 32, "cd" * 32, 10, write)
    return made, written


@pytest.fixture
def place(session):
    return Place(session.cloud, session.role_arn, session.bucket, "image")


def make(session, place, package):
    named = names(place, DEPLOYMENT, package)
    make_parts(session, place, DEPLOYMENT, package, named, "c" * 40)
    return named


def test_parts_are_made_once(session, place, package, loopback):
    package, written = package
    named = make(session, place, package)
    data = model_data(described_model(session, named.model))
    assert data.startswith(f"s3://{session.bucket}/models/")
    assert objects(session, data_folder(data)) == {"model.tar.gz": 7}
    config = described_config(session, named.config)
    assert config["ProductionVariants"][0]["ModelName"] == named.model
    assert make(session, place, package) == named
    assert written == [True]
    assert loopback.calls["sagemaker:CreateModel"] == 1


def test_a_large_model_goes_up_as_files(session, place, package, loopback):
    package, written = package
    named = make(session, place, replace(package, size=LARGE + 1))
    data = model_data(described_model(session, named.model))
    assert objects(session, data) == {"config.json": 2}
    assert written == [False]


def test_a_model_that_s3_holds_is_put_together_there(session, place, package, tmp_path):
    package, written = package
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "config.json").write_bytes(b"{}")
    uri = put_folder(session, tmp_path / "model")
    stored = StoredModel(uri, manifest(session, uri), {"lineage.json": b"{}\n"})
    named = make(session, place, replace(package, stored=stored))
    data = model_data(described_model(session, named.model))
    assert objects(session, data) == {"config.json": 2, "lineage.json": 3}
    assert written == []


def test_lost_data_are_uploaded_again_to_the_same_place(session, place, package, loopback):
    package, written = package
    named = make(session, place, package)
    folder = data_folder(model_data(described_model(session, named.model)))
    remove_folder(session, folder)
    loopback.client("s3").delete_object(
        Bucket=session.bucket, Key=f"{folder.partition(session.bucket + '/')[2]}.json"
    )
    make(session, place, package)
    assert objects(session, folder) == {"model.tar.gz": 7}
    assert written == [True, True]


def test_a_configuration_that_is_lost_is_made_again(session, place, package, loopback):
    package, written = package
    named = make(session, place, package)
    loopback.client("sagemaker").delete_endpoint_config(EndpointConfigName=named.config)
    make(session, place, package)
    assert described_config(session, named.config) is not None
    assert written == [True]


def test_the_parts_say_where_they_come_from(session, place, package, loopback):
    package, _ = package
    named = make(session, place, package)
    arn = described_config(session, named.config)["EndpointConfigArn"]
    found = loopback.client("sagemaker").list_tags(ResourceArn=arn)["Tags"]
    told = {tag["Key"]: tag["Value"] for tag in found}
    assert told["radimpress:version"] == "7"
    assert told["radimpress:model-sha256"] == "ab" * 32
    assert told["radimpress:git-commit"] == "c" * 40
    assert told["radimpress:kind"] == "endpoint-config"
