import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from radimpress.cli import app
from radimpress.runtime.errors import RadimpressError

RUN = CliRunner()


@pytest.fixture(autouse=True)
def _here(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")


@pytest.mark.parametrize(
    "principal",
    ["user", "deployer", "dashboard", "caretaker", "setup", "role", "trust", "bucket"],
)
def test_every_policy_is_json_and_needs_no_account_to_be_printed(
    principal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    words = ["cloud", "policy", "--principal", principal, "--account", "210987654321"]
    answer = RUN.invoke(app, words)
    assert answer.exit_code == 0, answer.output
    made = json.loads(answer.stdout)
    assert made["Version"] == "2012-10-17"
    assert "210987654321" in answer.stdout
    assert "eu-west-1" in answer.stdout


@pytest.mark.parametrize("account", ["12", "1234-5678-9012", ""])
def test_an_account_that_is_none_gets_no_policy(account: str) -> None:
    answer = RUN.invoke(app, ["cloud", "policy", "--account", account])
    assert isinstance(answer.exception, RadimpressError)
    assert "expected 12 digits" in str(answer.exception)


def test_the_remote_is_set_by_one_command(
    loopback, tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dvc.repo import Repo

    Repo.init(str(tmp_path), no_scm=True).close()
    (tmp_path / "params.yaml").write_bytes((root / "params.yaml").read_bytes())
    monkeypatch.chdir(tmp_path)
    answer = RUN.invoke(app, ["cloud", "remote", "--name", "ours", "--create-bucket"])
    assert answer.exit_code == 0, answer.output
    assert "verified on every pull" in answer.stdout
    assert "remote = ours" in (tmp_path / ".dvc/config").read_text()
