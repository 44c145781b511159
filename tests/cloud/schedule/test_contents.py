from dataclasses import replace

import pytest
import yaml

from radimpress.cloud.schedule.contents import put_contents
from radimpress.cloud.storage import get_folder, manifest
from radimpress.runtime.errors import RadimpressError


def test_the_second_time_nothing_is_uploaded(account, scheduled, contents, loopback):
    before = loopback.calls["s3:PutObject"]
    assert put_contents(account, scheduled, {"radimpress.git_commit": "c" * 40}) == contents
    assert loopback.calls["s3:PutObject"] == before


def test_raw_data_keeps_its_place_in_the_checkout(account, contents):
    assert set(manifest(account, contents.raw)) == {
        "data/raw/synthetic/mimic-cxr-reports.zip",
        "data/raw/synthetic/mimic-cxr-2.0.0-split.csv",
    }


def test_raw_data_from_elsewhere_gets_a_place(account, scheduled, tmp_path):
    outside = tmp_path / "reports.zip"
    outside.write_bytes(b"zip")
    data = replace(scheduled.data, path=str(outside))
    made = put_contents(account, replace(scheduled, data=data), {})
    assert "data/raw/given/reports.zip" in manifest(account, made.raw)
    get_folder(account, made.config, tmp_path / "config")
    params = yaml.safe_load((tmp_path / "config/params.yaml").read_text())
    assert params["data"]["path"] == "data/raw/given/reports.zip"


def test_every_dependency_of_the_project_is_pinned_for_the_steps(account, contents, tmp_path):
    get_folder(account, contents.code, tmp_path / "code")
    pins = (tmp_path / "code/requirements.txt").read_text()
    assert "mlflow==" in pins
    assert "torch==" not in pins


def test_missing_raw_data_is_named(account, scheduled):
    data = replace(scheduled.data, path="data/raw/none.zip")
    with pytest.raises(RadimpressError, match="data/raw/none.zip is missing"):
        put_contents(account, replace(scheduled, data=data), {})
