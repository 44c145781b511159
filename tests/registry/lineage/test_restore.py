import shutil
import subprocess

import pytest
import yaml

from radimpress.registry.lineage import restore as restoring
from radimpress.registry.lineage.link import State
from radimpress.registry.lineage.restore import restore, uncached
from radimpress.runtime.digests import folder_sha256
from radimpress.runtime.errors import RadimpressError
from radimpress.tracking.store import Store


def missing(restored):
    return {link.name for link in restored.links if link.state is State.broken}


def where(restored):
    return {link.name: link.why for link in restored.links}


def test_code_configuration_data_and_model_come_back_to_the_byte(
    registered, config, repository, tmp_path_factory
):
    lock = (repository / "dvc.lock").read_bytes()
    (repository / "src/radimpress/code.py").write_text("code = 'of another day'\n")
    (repository / "params.yaml").write_text("seed: 99\n")
    (repository / "dvc.lock").unlink()
    shutil.rmtree(repository / "models")
    folder = tmp_path_factory.mktemp("restored")
    restored = restore(config, "", folder, repository)
    assert restored.is_whole
    assert (folder / "src/radimpress/code.py").read_text() == "code = 1\n"
    assert (folder / "dvc.lock").read_bytes() == lock
    assert yaml.safe_load((folder / "params.yaml").read_text())["seed"] == 17
    assert (folder / "models/finetuned/model.safetensors").read_bytes() == b"weights"
    assert (folder / "data/raw/reports.txt").read_text() == "raw reports\n"
    assert folder_sha256(folder / "data/splits") == folder_sha256(repository / "data/splits")
    status = subprocess.check_output(["git", "status", "--porcelain"], cwd=folder, text=True)
    assert status == "?? dvc.lock\n"


def test_weights_that_dvc_lost_come_from_the_registry_and_the_rest_is_named(
    registered, config, repository, tmp_path_factory
):
    shutil.rmtree(repository / ".dvc/cache")
    shutil.rmtree(repository / "models")
    folder = tmp_path_factory.mktemp("restored")
    restored = restore(config, registered.version, folder / "new", repository)
    assert where(restored)["models/finetuned"] == "from the registry"
    assert where(restored)["data/clean"] == "from the workspace"
    assert missing(restored) == {"models/foundation"}
    assert where(restored)["models/foundation"] == "not in DVC's cache, and there is no remote"
    assert not restored.is_whole


def test_what_git_left_in_a_folder_gives_way_to_the_bytes_of_the_lock(
    registered, config, repository, tmp_path_factory, monkeypatch
):
    def git_keeps_an_older_one(root, folder):
        (folder / "data/clean").mkdir(parents=True, exist_ok=True)
        (folder / "data/clean/of-another-day.txt").write_text("old")
        return "not in DVC's cache"

    monkeypatch.setattr(restoring, "_checkout", git_keeps_an_older_one)
    folder = tmp_path_factory.mktemp("restored")
    restored = restore(config, registered.version, folder, repository)
    assert where(restored)["data/clean"] == "from the workspace"
    assert folder_sha256(folder / "data/clean") == folder_sha256(repository / "data/clean")


def test_a_remote_is_asked_for_what_the_cache_lacks(
    registered, config, repository, tmp_path_factory
):
    from dvc.repo import Repo

    remote = tmp_path_factory.mktemp("remote")
    local = repository / ".dvc/config.local"
    local.write_text(f"[core]\n    remote = box\n['remote \"box\"']\n    url = {remote}\n")
    with Repo(str(repository)) as repo:
        repo.push()
    shutil.rmtree(repository / ".dvc/cache")
    shutil.rmtree(repository / "models")
    shutil.rmtree(repository / "data/clean")
    folder = tmp_path_factory.mktemp("restored")
    restored = restore(config, "", folder, repository)
    assert missing(restored) == set()
    assert (folder / "models/foundation/w.bin").read_text() == "models/foundation/w.bin"
    assert "box" not in (folder / ".dvc/config.local").read_text()


def test_a_folder_that_holds_anything_is_left_as_it_is(config, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(RadimpressError, match="is not empty; next: name a folder that is"):
        restore(config, "", tmp_path, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_commit_that_is_not_here_stops_before_anything_is_written(
    registered, config, repository, store: Store, tmp_path_factory
):
    client, name = store.client, registered.name
    client.set_model_version_tag(name, registered.version, "radimpress.git_commit", "0" * 40)
    folder = tmp_path_factory.mktemp("restored")
    with pytest.raises(RadimpressError, match="git fetch --all"):
        restore(config, "", folder, repository)
    assert list(folder.iterdir()) == []


def test_outputs_that_dvc_does_not_keep_are_read_from_dvc_yaml():
    text = "stages:\n  a:\n    outs:\n    - x\n    - y: {cache: false}\n    - z: {persist: true}\n"
    assert uncached(text) == {"y"}
    assert uncached("stages: {}\n") == set()
