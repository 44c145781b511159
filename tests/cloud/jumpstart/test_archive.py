import io
import tarfile
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from radimpress.cloud.jumpstart.archive import take_model, unpack
from radimpress.modeling.recipe import read_recipe
from radimpress.runtime.errors import RadimpressError


def packed(folder: Path, at: Path, *left_out: str) -> Path:
    with tarfile.open(at, "w:gz") as archive:
        for path in sorted(folder.iterdir()):
            if path.name not in left_out:
                archive.add(path, path.name)
    return at


def test_safetensors_are_taken_with_our_recipe(model_folder, tmp_path):
    recipe = read_recipe(model_folder)
    archive = packed(model_folder, tmp_path / "model.tar.gz", "tokenizer.json", "radimpress.json")
    take_model(archive, tmp_path / "finetuned", model_folder, recipe)
    assert read_recipe(tmp_path / "finetuned") == recipe
    mine, theirs = (
        load_file(f / "model.safetensors") for f in (tmp_path / "finetuned", model_folder)
    )
    assert all(torch.equal(mine[name], theirs[name]) for name in theirs)
    assert (tmp_path / "finetuned/tokenizer.json").is_file()


def test_a_pickle_of_weights_alone_is_written_anew(model_folder, tmp_path):
    plain = tmp_path / "plain"
    plain.mkdir()
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        (plain / name).write_bytes((model_folder / name).read_bytes())
    weights = load_file(model_folder / "model.safetensors")
    torch.save(weights, plain / "pytorch_model.bin")
    archive = packed(plain, tmp_path / "model.tar.gz")
    take_model(archive, tmp_path / "finetuned", model_folder, read_recipe(model_folder))
    names = {path.name for path in (tmp_path / "finetuned").iterdir()}
    assert "model.safetensors" in names
    assert "pytorch_model.bin" not in names


class Bomb:
    """What a pickle may hold: it would run a command when read."""

    def __reduce__(self):
        return print, ("boom",)


def test_a_pickle_of_anything_else_is_refused_and_not_run(model_folder, tmp_path, capsys):
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "config.json").write_bytes((model_folder / "config.json").read_bytes())
    torch.save({"a": Bomb()}, plain / "pytorch_model.bin")
    archive = packed(plain, tmp_path / "model.tar.gz")
    with pytest.raises(RadimpressError, match="holds more than weights"):
        take_model(archive, tmp_path / "finetuned", model_folder, read_recipe(model_folder))
    assert "boom" not in capsys.readouterr().out
    assert not (tmp_path / "finetuned").exists()


@pytest.mark.parametrize(
    ("name", "kind", "problem"),
    [
        ("../outside", tarfile.REGTYPE, "outside"),
        ("/etc/outside", tarfile.SYMTYPE, "neither file nor folder"),
        ("link", tarfile.LNKTYPE, "neither file nor folder"),
    ],
)
def test_nothing_gets_out_of_the_folder(tmp_path, name, kind, problem):
    archive = tmp_path / "model.tar.gz"
    with tarfile.open(archive, "w:gz") as made:
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname = kind, "/etc/passwd"
        made.addfile(entry, io.BytesIO(b""))
    inside = tmp_path / "in"
    inside.mkdir()
    with pytest.raises(RadimpressError, match=problem):
        unpack(archive, inside)
    assert not (tmp_path / "outside").exists()


def test_what_is_no_model_is_refused(tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(RadimpressError, match=r"holds no config\.json"):
        unpack(packed(empty, tmp_path / "model.tar.gz"), tmp_path / "in")
