import pytest

from radimpress.cloud.jobs import declaration as module
from radimpress.cloud.jobs.declaration import declaration, source_files
from radimpress.config.load import compose
from radimpress.runtime.errors import RadimpressError


def test_a_stage_is_declared_as_in_dvc_yaml(config):
    train = declaration("train")
    assert "src/radimpress/modeling" in train.code
    assert "pipelines/train.py" in train.code
    assert train.outs == ("models/finetuned", "reports/training")
    assert train.values(config)["training"] == config.training
    assert train.values(config)["data.cleaning"] == config.data.cleaning


def test_an_out_that_is_not_cached_counts_too():
    assert declaration("generate").outs == ("reports/predictions", "reports/timing")


def test_no_stage_depends_on_the_cloud():
    for stage in ("foundation", "train", "generate"):
        assert not [name for name in declaration(stage).code if "cloud" in name]
        assert not {"compute", "cloud"} & {p.split(".")[0] for p in declaration(stage).params}


def test_the_code_is_that_of_the_declared_files(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "ROOT", tmp_path)
    (tmp_path / "src").mkdir()
    one = module.Declaration("x", ("src/",), (), ())
    (tmp_path / "src/a.py").write_text("a")
    first = one.code_sha256
    (tmp_path / "src/__pycache__").mkdir()
    (tmp_path / "src/__pycache__/a.pyc").write_text("a")
    assert one.code_sha256 == first
    (tmp_path / "src/a.py").write_text("b")
    assert one.code_sha256 != first


def test_a_file_is_its_own_source(tmp_path):
    (tmp_path / "a.py").touch()
    assert source_files(tmp_path / "a.py") == [tmp_path / "a.py"]


def test_without_a_checkout_nothing_is_declared(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "ROOT", tmp_path)
    with pytest.raises(RadimpressError, match=r"has no dvc\.yaml"):
        declaration("train")


def test_where_it_is_computed_is_in_no_value(root, monkeypatch):
    monkeypatch.chdir(root)
    here, there = compose(["compute=cpu"]), compose(["compute=sagemaker_loopback"])
    for stage in ("foundation", "train", "generate"):
        assert declaration(stage).values(here) == declaration(stage).values(there)
