import json
from pathlib import Path

import pytest

from radimpress.config.schema import Config, Generation, ListNumbers, Model, Origin, Tiny
from radimpress.modeling.folder import load_model
from radimpress.modeling.foundation import make_foundation
from radimpress.modeling.prompt import Prompt
from radimpress.modeling.recipe import Decoding, read_recipe
from radimpress.modeling.summarizer import Summarizer
from radimpress.runtime.errors import RadimpressError


def hub_config(path: Path, **changes: object) -> Config:
    model = Model(name="flan_nano", path=str(path), prompt="summarize: {findings}", **changes)
    return Config(model=model, generation=Generation(max_new_tokens=9, num_beams=4))


def test_a_flan_checkpoint_becomes_a_model_folder_that_writes(
    tmp_path: Path, flan_checkpoint: Path
) -> None:
    out = tmp_path / "models" / "foundation"
    make_foundation(hub_config(flan_checkpoint), out)
    recipe = read_recipe(out)
    assert recipe.base == "flan_nano (local copy)"
    assert recipe.prompt == Prompt("summarize: {findings}", 512, 128)
    assert recipe.decoding == Decoding(9), "only max_new_tokens is a parameter of this stage"
    assert recipe.cleaning.list_numbers is ListNumbers.strip
    answer = Summarizer.from_folder(out, "cpu").summarize(["Clear lungs."])
    assert answer[0].study_id == "0"


def test_no_absolute_path_stands_in_the_folder(tmp_path: Path, flan_checkpoint: Path) -> None:
    make_foundation(hub_config(flan_checkpoint), tmp_path / "out")
    for path in (tmp_path / "out").glob("*.json"):
        assert str(tmp_path) not in path.read_text()


def test_a_refused_checkpoint_leaves_what_was_there(tmp_path: Path, flan_checkpoint: Path) -> None:
    out = tmp_path / "out"
    make_foundation(hub_config(flan_checkpoint), out)
    before = sorted(path.name for path in out.iterdir())
    (flan_checkpoint / "tokenizer.json").unlink()
    with pytest.raises(RadimpressError, match="no tokenizer.json"):
        make_foundation(hub_config(flan_checkpoint), out)
    assert sorted(path.name for path in out.iterdir()) == before


def test_a_config_that_transformers_refuses_is_one_line(
    tmp_path: Path, flan_checkpoint: Path
) -> None:
    config = json.loads((flan_checkpoint / "config.json").read_text())
    (flan_checkpoint / "config.json").write_text(json.dumps(config | {"d_model": "wide"}))
    with pytest.raises(RadimpressError, match=r"transformers refuses the config\.json"):
        make_foundation(hub_config(flan_checkpoint), tmp_path / "out")


def test_the_tiny_origin_gives_a_folder_that_loads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    tiny = Tiny(d_model=16, heads=2, d_ff=16, layers=1, vocabulary=300, reports=64, epochs=1)
    config = Config(model=Model(name="t5_nano", origin=Origin.tiny, tiny=tiny))
    make_foundation(config, tmp_path / "out")
    loaded = load_model(tmp_path / "out", "cpu")
    assert loaded.recipe.base == "64 generated reports of institution A"
    assert loaded.model.config.d_model == 16
