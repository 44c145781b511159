import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from transformers import PreTrainedTokenizerFast, T5ForConditionalGeneration

from radimpress.corpus.report import Report
from radimpress.modeling.folder import generation_config, load_model, save_model
from radimpress.modeling.prompt import Prompt
from radimpress.modeling.recipe import Decoding, Recipe
from radimpress.runtime.errors import RadimpressError

Make = Callable[..., T5ForConditionalGeneration]


def logits(model: T5ForConditionalGeneration) -> torch.Tensor:
    ids = torch.arange(3, 20)[None]
    with torch.inference_mode():
        return model(input_ids=ids, decoder_input_ids=torch.tensor([[0, 5, 9, 11]])).logits


def digests(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


@pytest.mark.parametrize("flan", [True, False])
def test_a_model_comes_back_with_the_same_logits(
    tmp_path: Path, make_t5: Make, tokenizer: PreTrainedTokenizerFast, recipe: Recipe, flan: bool
) -> None:
    model = make_t5(flan=flan)
    save_model(tmp_path / "m", model, tokenizer, recipe)
    loaded = load_model(tmp_path / "m", "cpu")
    assert torch.equal(logits(loaded.model), logits(model))
    assert loaded.recipe == recipe
    assert not loaded.model.training
    assert loaded.model.config.decoder_start_token_id == 0


@pytest.mark.parametrize("separate", [True, False])
def test_transformers_4_finds_the_head_that_its_flag_promises(
    tmp_path: Path,
    make_t5: Make,
    tokenizer: PreTrainedTokenizerFast,
    recipe: Recipe,
    separate: bool,
) -> None:
    model = make_t5(flan=True)
    if not separate:  # as after T5Config(tie_word_embeddings=False) in transformers 5
        model.lm_head.weight = model.shared.weight
    save_model(tmp_path / "m", model, tokenizer, recipe)
    assert json.loads((tmp_path / "m/config.json").read_text())["tie_word_embeddings"] is False
    weights = load_file(tmp_path / "m/model.safetensors")
    assert torch.equal(weights["lm_head.weight"], model.lm_head.weight)
    assert torch.equal(logits(load_model(tmp_path / "m", "cpu").model), logits(model))


def test_a_tied_model_says_so_and_stores_one_matrix(
    tmp_path: Path, make_t5: Make, tokenizer: PreTrainedTokenizerFast, recipe: Recipe
) -> None:
    save_model(tmp_path / "m", make_t5(), tokenizer, recipe)
    assert json.loads((tmp_path / "m/config.json").read_text())["tie_word_embeddings"] is True
    assert "lm_head.weight" not in load_file(tmp_path / "m/model.safetensors")


def test_equal_models_give_equal_bytes_and_no_path_or_time(
    tmp_path: Path, make_t5: Make, tokenizer: PreTrainedTokenizerFast, recipe: Recipe
) -> None:
    for name in ("first", "second"):
        save_model(tmp_path / name, make_t5(flan=True), tokenizer, recipe)
    again = load_model(tmp_path / "first", "cpu")
    save_model(tmp_path / "third", again.model, again.tokenizer, again.recipe)
    assert (
        digests(tmp_path / "first") == digests(tmp_path / "second") == digests(tmp_path / "third")
    )
    for path in (tmp_path / "first").glob("*.json"):
        assert str(tmp_path) not in path.read_text()
        assert not re.search(r"20\d\d-\d\d-\d\d", path.read_text())


def test_a_model_folder_has_the_hub_layout_and_no_pickle(
    tmp_path: Path, make_t5: Make, tokenizer: PreTrainedTokenizerFast, recipe: Recipe
) -> None:
    save_model(tmp_path / "m", make_t5(), tokenizer, recipe)
    assert sorted(digests(tmp_path / "m")) == [
        "config.json",
        "generation_config.json",
        "model.safetensors",
        "radimpress.json",
        "tokenizer.json",
        "tokenizer_config.json",
    ]


def test_neighbours_are_kept_only_where_the_prompt_retrieves(
    tmp_path: Path,
    make_t5: Make,
    tokenizer: PreTrainedTokenizerFast,
    recipe: Recipe,
    reports: list[Report],
) -> None:
    save_model(tmp_path / "plain", make_t5(), tokenizer, recipe, reports)
    assert load_model(tmp_path / "plain", "cpu").neighbours == []
    near = replace(recipe, prompt=Prompt("{findings} {neighbours}", 64, 32, retrieval=1))
    save_model(tmp_path / "near", make_t5(), tokenizer, near, reports)
    assert load_model(tmp_path / "near", "cpu").neighbours == reports


def test_a_failed_save_leaves_the_model_that_was_there(
    tmp_path: Path,
    make_t5: Make,
    tokenizer: PreTrainedTokenizerFast,
    recipe: Recipe,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    save_model(tmp_path / "m", make_t5(), tokenizer, recipe)
    before = digests(tmp_path / "m")

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(type(tokenizer), "save_pretrained", stop)
    with pytest.raises(KeyboardInterrupt):
        save_model(tmp_path / "m", make_t5(seed=1), tokenizer, recipe)
    assert digests(tmp_path / "m") == before
    assert [p.name for p in tmp_path.iterdir()] == ["m"]


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_damaged_files_give_one_line(
    tmp_path: Path, make_t5: Make, tokenizer: PreTrainedTokenizerFast, recipe: Recipe, name: str
) -> None:
    save_model(tmp_path / "m", make_t5(), tokenizer, recipe)
    path = tmp_path / "m" / name
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(RadimpressError, match="does not load") as caught:
        load_model(tmp_path / "m", "cpu")
    assert "\n" not in str(caught.value)


def test_loading_and_saving_say_nothing(
    tmp_path: Path,
    make_t5: Make,
    tokenizer: PreTrainedTokenizerFast,
    recipe: Recipe,
    capfd: pytest.CaptureFixture[str],
) -> None:
    save_model(tmp_path / "m", make_t5(flan=True), tokenizer, recipe)
    load_model(tmp_path / "m", "cpu")
    assert capfd.readouterr() == ("", "")


def test_beams_never_stop_early(make_t5: Make) -> None:
    config = generation_config(make_t5(), Decoding(20, num_beams=4, length_penalty=0.8))
    assert (config.early_stopping, config.num_beams, config.length_penalty) == ("never", 4, 0.8)
    assert config.do_sample is False


def test_greedy_decoding_carries_no_settings_of_beams(make_t5: Make) -> None:
    config = generation_config(make_t5(), Decoding(20))
    config.validate()
    assert (config.num_beams, config.max_new_tokens, config.max_length) == (1, 20, None)
