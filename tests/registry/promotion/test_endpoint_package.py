import shutil
import tarfile

import pytest

from radimpress.cloud.session import open_session
from radimpress.cloud.storage import get_folder, put_folder
from radimpress.cloud.stored_copy import copy_folder
from radimpress.config.cloud import Cloud
from radimpress.config.deployment import Deployment, EndpointImage, EndpointMode
from radimpress.config.promotion import GoldenGate
from radimpress.config.schema import ModelStorage
from radimpress.modeling.reference import Reference
from radimpress.registry.promotion.endpoint_package import (
    endpoint_cases,
    package_digest,
    package_lineage,
    packaged,
)
from radimpress.registry.versions import version
from radimpress.runtime.digests import file_sha256, folder_sha256
from radimpress.serving.package import lay_out, unpack, verify
from radimpress.tracking.models import REFERENCE, log_model


@pytest.fixture
def registered(config, store, experiment, model_folder):
    """A registered version of a real model folder."""
    name = config.tracking.registered_model
    run = store.client.create_run(experiment).info.run_id
    uri = log_model(store, experiment, run, model_folder, ModelStorage.reference)
    store.client.create_registered_model(name)
    store.client.create_model_version(
        name,
        uri,
        run_id=run,
        tags={
            "radimpress.model_sha256": folder_sha256(model_folder),
            "radimpress.git_commit": "c" * 40,
            "radimpress.promotion": "champion since yesterday",
            "radimpress.ledger_head": "1:abc",
        },
        await_creation_for=0,
    )
    return version(store, name, "1")


def test_the_package_is_written_as_archive_or_as_files(registered, store, tmp_path):
    package = packaged(store, registered, Deployment(), Cloud())
    assert (package.version, package.as_files) == ("1", False)
    archive = package.write(tmp_path, True)
    assert tarfile.is_tarfile(archive)
    unpacked = unpack(archive, tmp_path / "unpacked")
    files = package.write(tmp_path / "scratch", False)
    verify(files)
    assert folder_sha256(files) == folder_sha256(unpacked)


def test_what_a_promotion_changes_is_no_lineage_of_the_package(registered, store):
    lineage = package_lineage(store, registered)
    assert lineage["radimpress.version"] == "1"
    assert lineage["radimpress.git_commit"] == "c" * 40
    assert not {"radimpress.promotion", "radimpress.ledger_head"} & set(lineage)


def test_other_code_is_another_package_only_where_the_package_brings_the_code(monkeypatch):
    made = [package_digest("a", {}, image) for image in EndpointImage]
    monkeypatch.setattr(
        "radimpress.registry.promotion.endpoint_package.code_files", lambda: {"code/x.py": b"x"}
    )
    again = [package_digest("a", {}, image) for image in EndpointImage]
    assert [one == other for one, other in zip(made, again, strict=True)] == [True, False]
    assert package_digest("b", {}, EndpointImage.own) != made[0]


def test_the_cases_are_those_of_promotion_with_its_shares():
    cases = endpoint_cases(GoldenGate(side=0.8))
    sides = [case for case in cases if case.family == "side"]
    assert {case.least for case in sides} == {0.8}
    left = next(case for case in sides if case.name == "left effusion")
    assert left.wrong("Moderate left pleural effusion.") == []
    assert left.wrong("Moderate right pleural effusion.") == ["does not say left", "says right"]
    assert {case.family for case in cases if case.refused} == {"empty"}
    assert {case.family for case in cases if case.survives} == {"absurd"}


@pytest.fixture
def referred(config, store, store_root, model_folder, loopback):
    """A registered version whose weights are in S3 only."""
    shutil.rmtree(store_root / "models" / "kept", ignore_errors=True)
    session = open_session(Cloud())
    names = [path.name for path in model_folder.iterdir()]
    digests = {name: file_sha256(model_folder / name) for name in names}
    made = Reference(put_folder(session, model_folder), digests)
    name = config.tracking.registered_model
    store.client.create_registered_model(name)
    tags = {"radimpress.model_sha256": made.sha256, REFERENCE: made.text}
    store.client.create_model_version(name, made.uri, tags=tags, await_creation_for=0)
    return session, version(store, name, "1")


@pytest.mark.slow
def test_of_a_model_by_reference_s3_makes_the_package_itself(
    referred, store, model_folder, tmp_path, store_root
):
    session, found = referred
    package = packaged(store, found, Deployment(), Cloud())
    assert package.as_files
    assert REFERENCE not in package_lineage(store, found)
    uri = copy_folder(
        session, package.stored.uri, package.stored.files, package.stored.added, "models"
    )
    assert not (store_root / "models" / "kept").exists()
    get_folder(session, uri, tmp_path / "there")
    verify(tmp_path / "there")
    lay_out(model_folder, tmp_path / "here", package_lineage(store, found))
    assert folder_sha256(tmp_path / "there") == folder_sha256(tmp_path / "here")


def test_only_a_serverless_endpoint_has_it_downloaded(referred, store, tmp_path, store_root):
    serverless = Deployment(mode=EndpointMode.serverless)
    package = packaged(store, referred[1], serverless, Cloud())
    assert not package.as_files
    unpack(package.write(tmp_path, True), tmp_path / "unpacked")
    assert [path.name for path in (store_root / "models" / "kept").iterdir()] == [
        package.model_sha256[:16]
    ]
