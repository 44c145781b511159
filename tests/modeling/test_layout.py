import json
from pathlib import Path

import pytest

from radimpress.modeling.layout import check_layout, mend_checkpoint, weight_files
from radimpress.runtime.errors import RadimpressError


def config_of(folder: Path) -> dict:
    return json.loads((folder / "config.json").read_text())


def change(folder: Path, **values: object) -> None:
    (folder / "config.json").write_text(json.dumps(config_of(folder) | values))


def test_a_t5_in_hub_layout_passes(flan_checkpoint: Path) -> None:
    check_layout(flan_checkpoint)
    assert weight_files(flan_checkpoint) == ["model.safetensors"]


def test_a_missing_folder_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(RadimpressError, match=r"absent is missing; next: .*model\.path=DIR"):
        check_layout(tmp_path / "absent")


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json"])
def test_a_missing_file_is_named(flan_checkpoint: Path, name: str) -> None:
    (flan_checkpoint / name).unlink()
    with pytest.raises(RadimpressError, match=f"has no {name}"):
        check_layout(flan_checkpoint)


def test_another_architecture_is_refused_by_name(flan_checkpoint: Path) -> None:
    change(flan_checkpoint, model_type="bart")
    with pytest.raises(RadimpressError, match="type 'bart', expected T5"):
        check_layout(flan_checkpoint)


def test_pickle_weights_are_refused_with_the_reason(flan_checkpoint: Path) -> None:
    (flan_checkpoint / "model.safetensors").rename(flan_checkpoint / "pytorch_model.bin")
    with pytest.raises(RadimpressError, match=r"pickle weights .* run code"):
        check_layout(flan_checkpoint)


def test_a_sentencepiece_only_tokenizer_comes_with_the_command(flan_checkpoint: Path) -> None:
    (flan_checkpoint / "tokenizer.json").rename(flan_checkpoint / "spiece.model")
    with pytest.raises(RadimpressError, match=r"only a spiece.model; next: .*save_pretrained"):
        check_layout(flan_checkpoint)


def test_a_half_downloaded_checkpoint_names_its_missing_shards(flan_checkpoint: Path) -> None:
    (flan_checkpoint / "model.safetensors").rename(flan_checkpoint / "one.safetensors")
    shards = {"weight_map": {"a": "one.safetensors", "b": "two.safetensors"}}
    (flan_checkpoint / "model.safetensors.index.json").write_text(json.dumps(shards))
    assert weight_files(flan_checkpoint) == ["one.safetensors", "two.safetensors"]
    with pytest.raises(RadimpressError, match=r"lacks the weights \['two.safetensors'\]"):
        check_layout(flan_checkpoint)


@pytest.mark.parametrize("text", ["no json", "[]"])
def test_a_config_that_is_no_object_is_refused(flan_checkpoint: Path, text: str) -> None:
    (flan_checkpoint / "config.json").write_text(text)
    with pytest.raises(RadimpressError, match=r"config\.json (is no JSON|holds no JSON object)"):
        check_layout(flan_checkpoint)


def test_transformers_5_writes_the_wrong_flag_for_flan_and_it_is_mended(
    flan_checkpoint: Path,
) -> None:
    assert config_of(flan_checkpoint)["tie_word_embeddings"] is True, "is this still needed?"
    mend_checkpoint(flan_checkpoint)
    assert config_of(flan_checkpoint)["tie_word_embeddings"] is False


@pytest.mark.parametrize("flag", [True, False])
def test_a_flag_that_transformers_4_wrote_stays(flan_checkpoint: Path, flag: bool) -> None:
    plain = config_of(flan_checkpoint) | {"tie_word_embeddings": flag}
    del plain["scale_decoder_outputs"]
    text = json.dumps(plain)
    (flan_checkpoint / "config.json").write_text(text)
    mend_checkpoint(flan_checkpoint)
    assert (flan_checkpoint / "config.json").read_text() == text


def test_the_tokenizer_gets_the_class_name_that_transformers_4_knows(flan_checkpoint: Path) -> None:
    mend_checkpoint(flan_checkpoint)
    written = json.loads((flan_checkpoint / "tokenizer_config.json").read_text())
    assert written["tokenizer_class"] == "PreTrainedTokenizerFast"
