import subprocess

import pytest
from omegaconf import OmegaConf

from radimpress.config.fingerprint import result_fingerprint
from radimpress.registry.lineage.git_repository import GitRepository
from radimpress.registry.lineage.recorded import (
    COMMITTED,
    KEPT,
    PRESENT,
    Recorded,
    Sources,
    artifact_text,
    fingerprints,
)
from radimpress.tracking.dvc_lock import lock_md5

LOCKS = {KEPT: "stages:\n  a: 1\n", COMMITTED: "stages:\n  a: 2\n", PRESENT: "stages:\n  a: 3\n"}


@pytest.fixture
def sources(store, experiment, tmp_path):
    """Another dvc.lock in each of the three places."""
    run = store.client.create_run(experiment).info.run_id
    store.client.log_text(run, LOCKS[KEPT], "lineage/dvc.lock")
    (tmp_path / "dvc.lock").write_text(LOCKS[COMMITTED])
    git = ["git", "-c", "user.email=a@b.invalid", "-c", "user.name=a"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
        subprocess.run([*git, *command], cwd=tmp_path, check=True)
    (tmp_path / "dvc.lock").write_text(LOCKS[PRESENT])
    head = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=tmp_path, text=True).strip()
    return Sources(store, GitRepository(tmp_path), run, head)


@pytest.mark.parametrize("where", LOCKS)
def test_the_lock_is_found_wherever_its_hash_is_the_recorded_one(sources, where):
    assert sources.lock(lock_md5(LOCKS[where])) == Recorded(LOCKS[where], where, True)


def test_of_none_that_agrees_the_one_kept_with_the_run_is_shown(sources):
    assert sources.lock("another") == Recorded(LOCKS[KEPT], KEPT, False)


def test_what_nobody_kept_is_not_found(sources):
    assert sources.params("any") is None


def test_a_configuration_gives_its_fingerprint_whatever_decides_no_result(config):
    text = OmegaConf.to_yaml(OmegaConf.structured(config))
    assert fingerprints(text) == {result_fingerprint(config)}
    assert fingerprints(text.replace("threads: 2", "threads: 7")) == fingerprints(text)
    assert fingerprints(text.replace("seed: 17", "seed: 18")) != fingerprints(text)


def test_a_configuration_of_another_schema_still_has_the_fingerprint_of_its_text(config):
    text = OmegaConf.to_yaml(OmegaConf.structured(config)) + "a_later_section: {x: 1}\n"
    assert len(fingerprints(text)) == 1
    assert result_fingerprint(config) not in fingerprints(text)


@pytest.mark.parametrize("text", ["", "- a list\n", "{broken"])
def test_no_configuration_has_no_fingerprint(text):
    assert fingerprints(text) == set()


def test_a_missing_artifact_is_no_text(sources, store):
    assert artifact_text(store, sources.run, "lineage/params.yaml") is None
    assert artifact_text(store, "", "lineage/dvc.lock") is None
