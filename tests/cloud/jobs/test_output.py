import json

import pytest

from radimpress.cloud.jobs.output import bring_back
from radimpress.cloud.session import open_session
from radimpress.cloud.storage import put_text
from radimpress.config.cloud import Cloud
from radimpress.config.job import ModelReturn
from radimpress.modeling.reference import read_reference
from radimpress.runtime.digests import file_sha256, folder_sha256
from radimpress.runtime.errors import RadimpressError

FILES = {
    "models/finetuned/model.safetensors": "weights",
    "models/finetuned/config.json": "{}",
    "reports/training/summary.json": "{}",
}


@pytest.fixture
def session(loopback, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models/finetuned").mkdir(parents=True)
    (tmp_path / "models/finetuned/old.txt").write_text("of the run before")
    return open_session(Cloud())


def written(session, tmp_path, files=FILES):
    uri = f"s3://{session.bucket}/jobs/k/output/job/output/model/"
    digests = {}
    for name, text in files.items():
        put_text(session, text, uri + name)
        (tmp_path / "one").write_text(text)
        digests[name] = file_sha256(tmp_path / "one")
    put_text(session, json.dumps({"files": digests}), uri + "manifest.json")
    return uri


def test_as_files_every_out_is_here(session, tmp_path):
    bring_back(session, written(session, tmp_path), "train", ModelReturn.files)
    for name, text in FILES.items():
        assert (tmp_path / name).read_text() == text
    assert not (tmp_path / "models/finetuned/old.txt").exists()


def test_by_reference_only_the_weights_stay_there(session, tmp_path):
    uri = written(session, tmp_path)
    bring_back(session, uri, "train", ModelReturn.reference)
    folder = tmp_path / "models/finetuned"
    assert sorted(path.name for path in folder.iterdir()) == ["config.json", "reference.json"]
    reference = read_reference(folder)
    assert reference.uri == uri + "models/finetuned/"
    assert (tmp_path / "reports/training/summary.json").is_file()
    bring_back(session, uri, "train", ModelReturn.files)
    assert folder_sha256(folder) == reference.sha256


def test_an_out_that_the_job_did_not_write_is_named(session, tmp_path):
    few = {name: text for name, text in FILES.items() if "reports" not in name}
    with pytest.raises(RadimpressError, match="wrote no reports/training"):
        bring_back(session, written(session, tmp_path, few), "train", ModelReturn.files)


def test_a_changed_weight_is_noticed_and_the_old_model_stays(session, tmp_path):
    uri = written(session, tmp_path)
    put_text(session, "changed", uri + "models/finetuned/model.safetensors")
    with pytest.raises(RadimpressError, match="does not hold what was written"):
        bring_back(session, uri, "train", ModelReturn.files)
    assert (tmp_path / "models/finetuned/old.txt").exists()
