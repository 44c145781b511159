import subprocess

import pytest

from radimpress.config.load import compose
from radimpress.runtime.digests import file_md5
from radimpress.tracking.lineage import read_lineage, sent_tags


@pytest.fixture
def repository(tmp_path, root, monkeypatch):
    monkeypatch.chdir(root)
    config = compose()
    monkeypatch.chdir(tmp_path)
    for command in (
        ["init", "-q"],
        ["config", "user.email", "a@b.invalid"],
        ["config", "user.name", "a"],
    ):
        subprocess.run(["git", *command], check=True)
    (tmp_path / "code.py").write_text("1")
    (tmp_path / "dvc.lock").write_text("lock")
    (tmp_path / "params.yaml").write_text("seed: 1")
    (tmp_path / "data" / "splits").mkdir(parents=True)
    (tmp_path / "data" / "splits" / "train.parquet").write_text("rows")
    subprocess.run(["git", "add", "."], check=True)
    subprocess.run(["git", "commit", "-qm", "one"], check=True)
    return config


def test_lineage_names_commit_lock_data_and_configuration(repository, tmp_path):
    lineage = read_lineage(repository, tmp_path)
    head = subprocess.check_output(["git", "rev-parse", "HEAD"], text=True).strip()
    assert lineage.git_commit == head
    assert lineage.git_dirty is False
    assert lineage.dvc_lock_md5 == file_md5(tmp_path / "dvc.lock")
    assert lineage.splits == {"train": file_md5(tmp_path / "data" / "splits" / "train.parquet")}
    tags = lineage.tags()
    assert tags["mlflow.source.git.commit"] == head
    assert tags["radimpress.git_dirty"] == "false"
    assert "radimpress.foundation_sha256" not in tags  # there is none: no empty tag


def test_an_edited_file_makes_it_dirty_but_what_is_kept_with_the_run_does_not(repository, tmp_path):
    (tmp_path / "dvc.lock").write_text("what dvc repro writes")
    (tmp_path / "params.yaml").write_text("seed: 2  # what dvc exp run -S writes")
    assert read_lineage(repository, tmp_path).git_dirty is False
    (tmp_path / "code.py").write_text("2")
    assert read_lineage(repository, tmp_path).git_dirty is True


def test_outside_git_there_is_no_commit(root, tmp_path, monkeypatch):
    monkeypatch.chdir(root)
    config = compose()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert read_lineage(config, tmp_path).git_commit == ""


def test_a_git_that_does_not_answer_is_not_taken_for_a_clean_work_tree(
    repository, tmp_path, monkeypatch
):
    run = subprocess.run

    def slow(command, **options):
        if "status" in command:
            raise subprocess.TimeoutExpired(command, 30)
        return run(command, **options)

    monkeypatch.setattr(subprocess, "run", slow)
    lineage = read_lineage(repository, tmp_path)
    assert lineage.git_commit
    assert lineage.git_dirty is True


def test_a_job_takes_the_tags_that_it_was_sent(tmp_path):
    assert sent_tags(tmp_path) == {}
    (tmp_path / "lineage.json").write_text('{"radimpress.git_commit": "abc"}')
    assert sent_tags(tmp_path) == {"radimpress.git_commit": "abc"}
