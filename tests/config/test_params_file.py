import shutil

import pytest

from radimpress.config.params_file import differences, refuse_stale, write_params
from radimpress.runtime.errors import RadimpressError


@pytest.fixture
def copy(tmp_path, root, monkeypatch):
    shutil.copytree(root / "conf", tmp_path / "conf")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_committed_params_are_what_conf_says(root, monkeypatch):
    monkeypatch.chdir(root)
    assert differences() == []


def test_writing_twice_changes_nothing_the_second_time(copy, root):
    assert write_params() is True
    assert write_params() is False
    assert (copy / "params.yaml").read_bytes() == (root / "params.yaml").read_bytes()


def test_an_edited_conf_makes_params_stale_until_they_are_composed_again(copy):
    write_params()
    refuse_stale()
    path = copy / "conf" / "training" / "tiny.yaml"
    path.write_text(path.read_text() + "\nweight_decay: 0.01\n")
    with pytest.raises(RadimpressError, match="params.yaml is stale: .*next: run `make params`"):
        refuse_stale()
    assert "+  weight_decay: 0.01" in differences()
    write_params()
    refuse_stale()


def test_overrides_do_not_make_params_stale(copy):
    write_params(["training.epochs=1"])
    refuse_stale()
    assert differences() != []


def test_a_refused_composition_leaves_the_old_file(copy):
    write_params()
    before = (copy / "params.yaml").read_bytes()
    with pytest.raises(RadimpressError, match="fp16"):
        write_params(["compute.precision=fp16"])
    assert (copy / "params.yaml").read_bytes() == before
