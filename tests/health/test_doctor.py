import importlib.util
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from radimpress.config.load import compose
from radimpress.health import doctor
from radimpress.health.doctor import (
    check_agreement,
    check_data,
    check_dvc,
    check_lock,
    check_params,
    check_python,
    check_store,
    examine,
    locked_versions,
)


@pytest.fixture
def repository(root, tmp_path, monkeypatch):
    for name in ("conf", ".dvc"):
        shutil.copytree(root / name, tmp_path / name, ignore=shutil.ignore_patterns("cache", "tmp"))
    for name in ("params.yaml", "constraints.txt"):
        shutil.copy(root / name, tmp_path / name)
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_whole_examination_names_every_part(config, root):
    subjects = [finding.subject for finding in examine(root)]
    assert subjects == [
        "python", "lock", "DVC", "disk", "params.yaml", "raw data", "data agreement", "MLflow",
        "GPU", "memory",
    ]  # fmt: skip


def test_an_old_python_is_refused_and_a_global_one_warned_about(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 1, "final", 0))
    assert check_python().state == "fail"
    monkeypatch.setattr(sys, "version_info", (3, 12, 1, "final", 0))
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    assert check_python().step == "run `make setup`"


def test_libraries_that_every_start_compiles_anew_are_warned_about(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))  # where nothing is compiled yet
    finding = check_python()
    assert finding.state == "warn"
    assert "PYTHONDONTWRITEBYTECODE" in finding.seen
    torch = importlib.util.find_spec("torch").origin
    kept = Path(importlib.util.cache_from_source(torch))
    kept.parent.mkdir(parents=True)
    kept.touch()
    assert check_python().state == "ok"


def test_the_lock_is_read_for_this_machine():
    text = "# a comment\nx==1 ; sys_platform == 'win32'\n    # via y\ntorch==2.13.0\n"
    found = locked_versions(text)
    assert found["torch"] == "2.13.0"
    assert "x" not in found


def test_another_version_than_the_locked_one_is_named(tmp_path):
    (tmp_path / "constraints.txt").write_text("pytest==0.0.1\n")
    finding = check_lock(tmp_path)
    assert finding.state == "warn"
    assert "instead of 0.0.1" in finding.seen


def test_the_installed_packages_are_the_locked_ones(root):
    assert check_lock(root).state == "ok"


def test_hydra_composition_must_be_on(repository):
    path = repository / ".dvc" / "config"
    path.write_text(
        "[core]\n    no_scm = true\n" + "[hydra]\n    enabled = True\n    plugins_path = src\n"
    )
    assert check_dvc(repository).state == "ok"
    path.write_text("[core]\n    no_scm = true\n")
    assert "dvc config hydra.enabled True" in check_dvc(repository).step


def test_a_remote_that_is_trusted_blindly_is_warned_about(repository):
    path = repository / ".dvc" / "config"
    base = "[core]\n    no_scm = true\n[hydra]\n    enabled = True\n    plugins_path = src\n"
    path.write_text(base + "['remote \"s\"']\n    url = /nowhere\n")
    assert check_dvc(repository).step == "dvc remote modify s verify true"
    path.write_text(base + "['remote \"s\"']\n    url = /nowhere\n    verify = true\n")
    assert check_dvc(repository).state == "ok"


def test_a_folder_that_is_no_repository_says_so(tmp_path):
    assert "no DVC repository" in check_dvc(tmp_path).seen


def test_stale_parameters_fail(repository):
    assert check_params(repository, compose()).state == "ok"
    (repository / "conf" / "training" / "new.yaml").write_text("# x\nepochs: 1\n")
    assert "make params" in check_params(repository, compose()).step


def test_missing_raw_data_point_to_the_documentation(repository):
    assert check_data(repository, compose(["data=mimic_cxr"])).step == "see docs/data-sources.md"


@pytest.mark.parametrize(
    ("overrides", "state"),
    [(["data=synthetic"], "ok"), (["data=csv"], "ok"), (["data=mimic_cxr"], "warn")],
)
def test_the_data_agreement_follows_the_access_class(root, monkeypatch, overrides, state):
    monkeypatch.chdir(root)
    assert check_agreement(compose(overrides)).state == state


def test_a_receipt_that_the_store_does_not_know_says_how_to_register_again(config, tmp_path):
    (tmp_path / "models").mkdir()
    receipt = tmp_path / "models" / "registered.json"
    receipt.write_text('{"registered_model": "nobody", "version": "7", "key": "k"}')
    finding = check_store(tmp_path, config)
    assert finding.state == "warn"
    assert finding.step == "run `dvc repro --force --single-item register`"


def test_a_store_that_does_not_answer_is_a_finding(config, tmp_path, monkeypatch):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    broken = replace(config, tracking=replace(config.tracking, uri="http://127.0.0.1:1"))
    finding = doctor._guarded("MLflow", lambda: check_store(tmp_path, broken))
    assert (finding.subject, finding.state) == ("MLflow", "fail")


def test_a_check_that_breaks_is_a_finding_too():
    def broken():
        raise ZeroDivisionError

    assert doctor._guarded("x", broken).seen == "the check broke: ZeroDivisionError"


def test_broken_parameters_end_the_examination_with_the_reason(repository):
    (repository / "params.yaml").write_text("seeed: 1")
    last = examine(repository)[-1]
    assert (last.subject, last.state) == ("params.yaml", "fail")
