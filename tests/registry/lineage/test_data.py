import subprocess

import pytest

from radimpress.health.hashing import tree, tree_md5
from radimpress.health.locked import Locked, read_lock
from radimpress.registry.lineage.data import code_link, data_links, is_code, is_raw, model_link
from radimpress.registry.lineage.git_repository import GitRepository
from radimpress.registry.lineage.link import State
from radimpress.registry.lineage.vault import Vault
from radimpress.runtime.digests import folder_sha256
from radimpress.tracking.lineage import read_lineage


@pytest.fixture
def weights(tmp_path):
    folder = tmp_path / "weights"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"weights")
    return folder


def trained(md5):
    return [Locked("train", "models/finetuned", md5, is_output=True)]


def test_registered_weights_are_those_of_the_version_and_of_dvc(weights):
    sha256, md5 = folder_sha256(weights), tree_md5(tree(weights, lambda _: False))
    assert model_link(weights, sha256, trained(md5), "").state is State.holds
    assert model_link(weights, sha256, None, "").state is State.holds
    other = model_link(weights, sha256, trained("0" * 32 + ".dir"), "")
    assert (other.state, "models/finetuned of dvc.lock is another" in other.why) == (
        State.broken,
        True,
    )
    assert model_link(weights, "0" * 64, trained(md5), "").state is State.broken
    assert model_link(weights, "", trained(md5), "").state is State.broken
    assert model_link(None, sha256, trained(md5), "elsewhere").why == "elsewhere"


def test_a_path_of_dvc_lock_is_code_or_raw_data_or_made():
    def locked(path, is_output=False):
        return Locked("s", path, "0" * 32, is_output)

    assert is_code(locked("src/radimpress/corpus"))
    assert is_code(locked("conf"))
    assert is_raw(locked("data/raw/a.zip"))
    assert not is_raw(locked("data/clean", is_output=True))
    assert not is_code(locked("data/clean", is_output=True))


def test_code_of_a_commit_that_is_not_here_cannot_be_checked(repository):
    locked = read_lock(repository / "dvc.lock")
    link = code_link(locked, GitRepository(repository), "0" * 40)
    assert (link.state, link.value) == (State.unchecked, "3 paths")


@pytest.fixture
def checked(repository, config):
    """The data links, given the tags of a version that stood here, with some changed."""
    locked = read_lock(repository / "dvc.lock")
    head = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=repository, text=True).strip()
    tags = read_lineage(config, repository).tags()

    def checked(**changed):
        vault = Vault(repository, GitRepository(repository), head)
        names = {f"radimpress.{name}": value for name, value in changed.items()}
        return {link.name: link for link in data_links(locked, {**tags, **names}, vault)}

    return checked


def test_data_has_to_agree_with_the_lock_and_with_the_version(checked):
    assert {link.state for link in checked().values()} == {State.holds}
    found = checked(**{"split.test_md5": "0" * 32})
    assert found["splits"].state is State.broken
    assert found["splits"].why == "test of dvc.lock: not the split that was registered"
    found = checked(foundation_sha256="0" * 64)
    assert found["foundation"].state is State.broken
    assert found["clean"].state is State.holds
