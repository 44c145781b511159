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


def test_a_plan_needs_neither_data_nor_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    answer = RUN.invoke(app, ["plan", "model=flan_t5_xl", "data=mimic_cxr", "--json"])
    assert answer.exit_code == 0
    made = json.loads(answer.stdout)
    assert made["parameters"] == 2_849_757_184
    assert made["data"]["train"] == 125_000


def test_all_compares_every_preset(root: Path) -> None:
    answer = RUN.invoke(app, ["plan", "model=flan_t5_base", "compute=cpu", "--all", "--json"])
    names = {one["compute"] for one in json.loads(answer.stdout)}
    assert {"cpu", "gpu", "gpu_fsdp", "local"} <= names
    assert answer.exit_code == 0


def test_a_mistake_that_no_preset_survives_is_said_once() -> None:
    answer = RUN.invoke(app, ["plan", "data=nonsense", "--all"])
    assert isinstance(answer.exception, RadimpressError)
    assert str(answer.exception).count("data/nonsense") == 1


def test_the_machines_can_be_listed() -> None:
    answer = RUN.invoke(app, ["plan", "--machines", "--json"])
    assert {"ml.p3.16xlarge", "ml.p5.4xlarge"} <= {one["name"] for one in json.loads(answer.stdout)}


def test_params_yaml_is_planned_without_overrides() -> None:
    answer = RUN.invoke(app, ["plan"])
    assert answer.exit_code == 0
    assert "t5_tiny" in answer.stdout
