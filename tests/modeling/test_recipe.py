import json
from dataclasses import replace
from pathlib import Path

import pytest

from radimpress.config.load import typed
from radimpress.config.schema import Config, ListNumbers
from radimpress.modeling.prompt import Prompt
from radimpress.modeling.recipe import Decoding, Recipe, read_recipe, trained_recipe, write_recipe
from radimpress.runtime.errors import RadimpressError


def configuration(**changes: object) -> Config:
    raw = {
        "conf_digest": "",
        "data": {"name": "d", "path": "p"},
        "model": {"name": "m", "origin": "tiny"},
    }
    return typed(raw | changes, "test")


def test_a_recipe_survives_its_file(tmp_path: Path, recipe: Recipe) -> None:
    odd = replace(recipe, prompt=Prompt("Ü {findings}\n{neighbours}", 9, 8, 2))
    write_recipe(tmp_path, odd)
    assert read_recipe(tmp_path) == odd


def test_the_file_is_the_same_for_the_same_recipe(tmp_path: Path, recipe: Recipe) -> None:
    write_recipe(tmp_path / "a", recipe)
    write_recipe(tmp_path / "b", recipe)
    a, b = (tmp_path / name / "radimpress.json" for name in "ab")
    assert a.read_bytes() == b.read_bytes()


def test_an_unknown_format_is_refused_with_both_numbers(tmp_path: Path, recipe: Recipe) -> None:
    write_recipe(tmp_path, recipe)
    path = tmp_path / "radimpress.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 99}))
    with pytest.raises(RadimpressError, match="has format 99, this radimpress reads format 1"):
        read_recipe(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", "not json", '{"format": 1}'])
def test_a_damaged_file_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "radimpress.json").write_text(text)
    with pytest.raises(RadimpressError, match="dvc checkout") as caught:
        read_recipe(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_folder_without_the_file_is_no_model_folder(tmp_path: Path) -> None:
    with pytest.raises(RadimpressError, match="no model folder of radimpress"):
        read_recipe(tmp_path)


def test_a_trained_recipe_holds_what_inference_needs() -> None:
    config = configuration(
        generation={"num_beams": 4, "max_new_tokens": 50},
        data={"name": "d", "path": "p", "cleaning": {"list_numbers": "keep"}},
    )
    recipe = trained_recipe(config, "base")
    assert recipe.model == "m"
    assert recipe.base == "base"
    assert recipe.decoding == Decoding(50, 4)
    assert recipe.cleaning.list_numbers is ListNumbers.keep


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"compute": {"device": "cpu", "threads": 7}}, True),
        ({"evaluation": {"confidence": 0.9}}, True),
        ({"seed": 18}, False),
        ({"training": {"epochs": 2}}, False),
        ({"data": {"name": "d", "path": "p", "cleaning": {"list_numbers": "keep"}}}, False),
        ({"model": {"name": "m", "origin": "tiny", "max_target_tokens": 127}}, False),
    ],
)
def test_the_fingerprint_follows_what_decides_the_weights(changes: dict, same: bool) -> None:
    plain = trained_recipe(configuration(), "b").fingerprint
    assert (trained_recipe(configuration(**changes), "b").fingerprint == plain) is same
