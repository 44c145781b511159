from pathlib import Path

from radimpress.runtime.roots import checkpoints_root, mlruns_root, repository_root


def test_dvc_root_wins_so_that_queued_experiments_share_the_stores(monkeypatch, tmp_path):
    monkeypatch.setenv("DVC_ROOT", str(tmp_path / "parent"))
    assert repository_root() == tmp_path / "parent"
    assert checkpoints_root() == tmp_path / "parent" / "checkpoints"
    assert mlruns_root() == tmp_path / "parent" / "mlruns"


def test_the_root_is_the_nearest_folder_with_a_dvc_yaml(monkeypatch, tmp_path):
    monkeypatch.delenv("DVC_ROOT", raising=False)
    (tmp_path / "dvc.yaml").touch()
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert repository_root(inner) == tmp_path


def test_without_a_dvc_yaml_the_starting_folder_is_the_root(monkeypatch):
    monkeypatch.delenv("DVC_ROOT", raising=False)
    assert repository_root(Path("/")) == Path("/")
