"""The hub layout of a checkpoint: what must be there, what is refused, what is mended."""

import json
from pathlib import Path
from typing import Any

from radimpress.modeling.reference import refuse_reference
from radimpress.runtime.errors import next_step

CONFIG = "config.json"
TOKENIZER = "tokenizer.json"
TOKENIZER_CONFIG = "tokenizer_config.json"
ONE_FILE = "model.safetensors"
INDEX = "model.safetensors.index.json"
NEIGHBOURS = "neighbours.parquet"  # ours: training reports, where the prompt retrieves
KINDS = ("t5",)
WHENCE = ("is_local", "local_files_only")
CONVERT = (
    "from transformers import AutoTokenizer as T; "
    "T.from_pretrained('{folder}').save_pretrained('{folder}')"
)


def check_layout(folder: Path) -> None:
    """Raise RadimpressError unless `folder` holds a T5 with safetensors weights and tokenizer.json.

    Pickle weights (`pytorch_model.bin`) are refused: reading them runs code from the file.
    """
    if not folder.is_dir():
        raise next_step(
            f"the model folder {folder} is missing",
            "run `dvc repro`, or name an existing checkpoint folder (model.path=DIR)",
        )
    refuse_reference(folder)
    if not (folder / CONFIG).is_file():
        raise next_step(
            f"{folder} has no {CONFIG}, so it is no checkpoint in hub layout",
            "name the folder that holds config.json, model.safetensors and tokenizer.json",
        )
    kind = read_config(folder).get("model_type")
    if kind not in KINDS:
        raise next_step(
            f"{folder} holds a model of type {kind!r}, expected T5 (FLAN-T5 is one)",
            "choose a T5 checkpoint, e.g. model=flan_t5_base",
        )
    _check_weights(folder)
    if not (folder / TOKENIZER).is_file():
        convert = CONVERT.format(folder=folder)
        raise next_step(
            f"{folder} has no {TOKENIZER}"
            + (", only a spiece.model" if (folder / "spiece.model").is_file() else ""),
            f'where sentencepiece and protobuf are installed run: python -c "{convert}"',
        )


def weight_files(folder: Path) -> list[str]:
    """The names of the safetensors files that make up the model, sorted."""
    if (folder / ONE_FILE).is_file():
        return [ONE_FILE]
    if not (folder / INDEX).is_file():
        return []
    return sorted(set(_json(folder / INDEX)["weight_map"].values()))


def read_config(folder: Path) -> dict[str, Any]:
    """`config.json` as a dict. Raises RadimpressError where it is no JSON object."""
    return _json(folder / CONFIG)


def has_tied_head(config: dict[str, Any]) -> bool:
    """Whether a T5's head is its embedding, whichever transformers wrote its config.json."""
    return bool(config.get("scale_decoder_outputs", config.get("tie_word_embeddings", True)))


def mend_checkpoint(folder: Path) -> None:
    """Make a checkpoint that transformers 5 saved mean the same to transformers 4.

    `tie_word_embeddings`: transformers 5 writes `true` for every T5. Version 4 and CTranslate2 read
    that as "the head is the embedding and its input is scaled by d_model^-0.5", so they would drop
    FLAN's separate head. `scale_decoder_outputs`, which version 5 writes beside it, is the truth.

    `tokenizer_class`: version 4 knows `TokenizersBackend` by its old name only. What version 5 adds
    about where a tokenizer was loaded from is dropped: equal models have equal files.
    """
    config = read_config(folder)
    tied = has_tied_head(config)
    if config.get("tie_word_embeddings", True) != tied:
        _write_json(folder / CONFIG, config | {"tie_word_embeddings": tied})
    if (path := folder / TOKENIZER_CONFIG).is_file():
        found = _json(path)
        mended = {key: value for key, value in found.items() if key not in WHENCE}
        if mended.get("tokenizer_class") == "TokenizersBackend":
            mended["tokenizer_class"] = "PreTrainedTokenizerFast"
        if mended != found:
            _write_json(path, mended)


def _check_weights(folder: Path) -> None:
    names = weight_files(folder)
    if not names and any(folder.glob("*.bin")):
        raise next_step(
            f"{folder} has pickle weights (.bin) only; reading those can run code hidden in them",
            "convert it to safetensors where you trust it: model.save_pretrained(DIR)",
        )
    if not names:
        raise next_step(f"{folder} has no {ONE_FILE}", "complete the download")
    if missing := [name for name in names if not (folder / name).is_file()]:
        raise next_step(f"{folder} lacks the weights {missing}", "complete the download")


def _json(path: Path) -> dict[str, Any]:
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise next_step(f"{path} is no JSON", "fetch the checkpoint again") from error
    if not isinstance(plain, dict):
        raise next_step(f"{path} holds no JSON object", "fetch the checkpoint again")
    return plain


def _write_json(path: Path, plain: dict[str, Any]) -> None:
    path.write_text(json.dumps(plain, indent=2, sort_keys=True) + "\n", encoding="utf-8")
