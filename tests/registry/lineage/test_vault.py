import subprocess
from dataclasses import replace

import pytest

from radimpress.health.locked import read_lock
from radimpress.registry.lineage.git_repository import GitRepository
from radimpress.registry.lineage.link import State
from radimpress.registry.lineage.vault import Vault, committed_md5
from radimpress.runtime.digests import folder_sha256
from radimpress.runtime.errors import RadimpressError


@pytest.fixture
def vault(repository):
    head = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=repository, text=True).strip()
    return Vault(repository, GitRepository(repository), head)


@pytest.fixture
def items(repository):
    return {item.path: item for item in read_lock(repository / "dvc.lock")}


def test_bytes_are_looked_for_in_workspace_cache_and_git(vault, items, repository):
    splits, raw = items["data/splits"], items["data/raw/reports.txt"]
    assert vault.find(splits).where == "in the workspace"
    (repository / "data/splits/test.parquet").write_bytes(b"other")
    (repository / "data/raw/reports.txt").write_text("other")
    assert vault.find(splits).where == "in DVC's cache"
    assert vault.find(raw).where == "in git at the commit"
    gone = vault.find(replace(splits, md5="0" * 32 + ".dir"))
    assert gone.state is State.unchecked
    assert gone.where.startswith("the workspace holds another version")


def test_a_damaged_copy_is_broken_where_it_is_the_only_one(vault, items, repository):
    splits = items["data/splits"]
    md5 = vault.entries(splits)["test.parquet"]
    kept = vault.cache / "files/md5" / md5[:2] / md5[2:]
    kept.chmod(0o644)
    kept.write_bytes(b"damaged")
    assert vault.find(splits).state is State.holds
    (repository / "data/splits/test.parquet").unlink()
    assert vault.find(splits).state is State.broken


def test_a_folder_is_laid_out_from_the_cache(vault, items, repository, tmp_path_factory):
    wanted = folder_sha256(repository / "models/foundation")
    (repository / "models/foundation/w.bin").unlink()
    laid_out = vault.folder(items["models/foundation"], tmp_path_factory.mktemp("out"))
    assert folder_sha256(laid_out) == wanted
    lost = replace(items["models/foundation"], md5="0" * 32 + ".dir")
    assert vault.folder(lost, tmp_path_factory.mktemp("out")) is None


def test_a_committed_path_has_the_hash_that_dvc_gives_it(vault, items):
    for path in ("src/radimpress", "pipelines/clean.py"):
        assert committed_md5(vault.repository, vault.commit, path) == items[path].md5
    assert committed_md5(vault.repository, vault.commit, "nosuch") is None
    assert committed_md5(vault.repository, "", "src/radimpress") is None


def test_outside_dvc_there_is_no_vault(tmp_path):
    with pytest.raises(RadimpressError, match="is no DVC repository"):
        Vault(tmp_path, GitRepository(tmp_path), "")
