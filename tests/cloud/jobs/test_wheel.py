import zipfile

import pytest

from radimpress.cloud.jobs import wheel
from radimpress.cloud.jobs.wheel import source_bundle, write_wheel
from radimpress.runtime.digests import folder_sha256
from radimpress.runtime.errors import RadimpressError


def test_equal_sources_give_equal_bytes(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert write_wheel(tmp_path / "a").read_bytes() == write_wheel(tmp_path / "b").read_bytes()


def test_the_wheel_is_one(tmp_path, root):
    path = write_wheel(tmp_path)
    assert path.name == "radimpress-0.1.0-py3-none-any.whl"
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        metadata = archive.read("radimpress-0.1.0.dist-info/METADATA").decode()
        record = archive.read("radimpress-0.1.0.dist-info/RECORD").decode().splitlines()
    assert {"radimpress/cli.py", "radimpress/py.typed"} <= {*names}
    assert any(name.startswith("hydra_plugins/") for name in names)
    assert not [name for name in names if "__pycache__" in name]
    assert "Requires-Dist: torch" in metadata
    assert {line.split(",")[0] for line in record} == {*names}


def test_the_bundle_pins_what_the_stage_needs_and_never_torch(tmp_path):
    folder = source_bundle(tmp_path / "code", "train")
    pins = (folder / "requirements.txt").read_text()
    constraints = (folder / "constraints.txt").read_text()
    assert "transformers==" in pins
    assert "sagemaker" not in pins
    assert not [x for x in (pins + constraints).splitlines() if x.startswith(("torch==", "nvidia"))]
    assert (folder / "pipelines/train.py").is_file()
    assert (folder / "pipelines/job.py").is_file()


def test_the_bundle_is_the_same_each_time(tmp_path):
    one, two = (source_bundle(tmp_path / name, "generate") for name in "ab")
    assert folder_sha256(one) == folder_sha256(two)


def test_every_need_is_pinned(tmp_path):
    for stage, needs in wheel.NEEDS.items():
        pins = (source_bundle(tmp_path / stage, stage) / "requirements.txt").read_text()
        for name in (*needs, *wheel.NEEDS_ALWAYS):
            assert f"\n{name}==" in f"\n{pins}", name


def test_without_a_checkout_there_is_no_source(tmp_path, monkeypatch):
    monkeypatch.setattr(wheel, "ROOT", tmp_path)
    with pytest.raises(RadimpressError, match="no checkout of radimpress"):
        source_bundle(tmp_path / "code", "train")
