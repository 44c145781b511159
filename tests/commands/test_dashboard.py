import json

import pytest
from typer.testing import CliRunner

from radimpress.cli import app

OWNER = "arn:aws:quicksight:us-east-1:123456789012:user/default/reader"


def run(*arguments):
    return CliRunner().invoke(app, ["dashboard", *arguments])


def test_the_report_is_a_page_on_this_machine(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "dvc repro evaluate" in str(run().exception)
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports/report.html").write_text("<p>")
    assert run().output.strip() == (tmp_path / "reports/report.html").as_uri()


@pytest.mark.parametrize("owner", [[], ["--owner", "me"]])
def test_quicksight_needs_an_owner(owner):
    assert "expected the ARN" in str(run("--target", "quicksight", *owner).exception)


def test_a_run_is_a_name_that_a_folder_can_have(root, monkeypatch):
    monkeypatch.chdir(root)
    result = run("--target", "quicksight", "--owner", OWNER, "--run", "a/b")
    assert "--run is 'a/b'" in str(result.exception)


@pytest.mark.usefixtures("loopback")
def test_a_dry_run_prints_the_requests_and_sends_none(root, monkeypatch):
    monkeypatch.chdir(root)
    result = run("--target", "quicksight", "--owner", OWNER, "--run", "r1", "--dry-run")
    assert result.exit_code == 0, result.output
    requests = json.loads(result.output)
    assert list(requests) == [
        "CreateDataSource",
        "CreateDataSet metrics",
        "CreateDataSet scores",
        "CreateDashboard",
    ]
