"""A model folder: weights and tokenizer in hub layout, the recipe, and neighbours to look up."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from safetensors import SafetensorError
from transformers import AutoTokenizer, GenerationConfig, T5ForConditionalGeneration
from transformers.utils import logging

from radimpress.config.schema import Device
from radimpress.corpus.report import Report, read_reports, write_reports
from radimpress.modeling.layout import NEIGHBOURS, check_layout, mend_checkpoint
from radimpress.modeling.placement import device_for
from radimpress.modeling.recipe import Decoding, Recipe, read_recipe, write_recipe
from radimpress.runtime.atomic import whole_folder
from radimpress.runtime.errors import next_step

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

HEAD = "lm_head.weight"


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """What a model folder holds; `neighbours` are training reports, where retrieval is on."""

    model: T5ForConditionalGeneration
    tokenizer: "PreTrainedTokenizerFast"
    recipe: Recipe
    neighbours: list[Report]


def save_model(
    folder: Path,
    model: T5ForConditionalGeneration,
    tokenizer: "PreTrainedTokenizerFast",
    recipe: Recipe,
    neighbours: Sequence[Report] = (),
) -> None:
    """Write a whole model folder, or nothing; the same bytes for the same arguments.

    `neighbours` are written only where the prompt retrieves. transformers 4 and 5 load the same
    logits from what is written.
    """
    with whole_folder(folder) as temporary:
        weights = model.state_dict()
        if not model.config.scale_decoder_outputs:
            # Unscaled outputs mean "untied" to transformers 4, which then wants the head itself.
            weights[HEAD] = weights[HEAD].clone()
        model.generation_config = generation_config(model, recipe.decoding)
        with _quiet():
            model.save_pretrained(temporary, state_dict=weights)
            tokenizer.save_pretrained(temporary)
        mend_checkpoint(temporary)
        write_recipe(temporary, recipe)
        if recipe.prompt.retrieval:
            write_reports(temporary / NEIGHBOURS, neighbours)
        for path in temporary.iterdir():
            path.chmod(0o644)  # safetensors gives 0600


def load_model(
    folder: Path, device: Device | str = Device.auto, dtype: torch.dtype = torch.float32
) -> LoadedModel:
    """Read a model folder onto `device`, in evaluation mode.

    Raises RadimpressError for a folder that is missing, incomplete, holds pickle weights or an
    unknown recipe format.
    """
    folder = Path(folder)
    check_layout(folder)
    recipe = read_recipe(folder)
    model, tokenizer = load_checkpoint(folder, dtype)
    stored = folder / NEIGHBOURS
    return LoadedModel(
        model.to(device_for(Device(device))).eval(),
        tokenizer,
        recipe,
        read_reports(stored) if stored.is_file() else [],
    )


def load_checkpoint(
    folder: Path, dtype: torch.dtype = torch.float32
) -> "tuple[T5ForConditionalGeneration, PreTrainedTokenizerFast]":
    """Weights and tokenizer of a folder that passed `check_layout`, on the CPU."""
    try:
        with _quiet():
            model = T5ForConditionalGeneration.from_pretrained(
                folder, local_files_only=True, use_safetensors=True, dtype=dtype
            )
            tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        raise next_step(
            f"{folder} does not load: {type(error).__name__}, its files are damaged or disagree",
            "fetch it again (`dvc checkout`, or download the checkpoint anew)",
        ) from error
    if model.config.decoder_start_token_id is None:
        model.config.decoder_start_token_id = model.config.pad_token_id
    return model, tokenizer


def generation_config(model: T5ForConditionalGeneration, decoding: Decoding) -> GenerationConfig:
    """`decoding` in transformers' words.

    Beams stop with `early_stopping="never"`: `True` ends the search at the first finished beams
    and cost 40 points of ROUGE-L on radiology reports (docs/models.md).
    """
    config = model.config
    beams = {"early_stopping": "never", "length_penalty": decoding.length_penalty}
    return GenerationConfig(
        max_new_tokens=decoding.max_new_tokens,
        num_beams=decoding.num_beams,
        do_sample=False,
        no_repeat_ngram_size=decoding.no_repeat_ngram_size,
        pad_token_id=config.pad_token_id,
        eos_token_id=config.eos_token_id,
        decoder_start_token_id=config.decoder_start_token_id,
        **(beams if decoding.num_beams > 1 else {}),
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """No bars, and no advice on the tie flag of FLAN, which `mend_checkpoint` sets right."""
    level = logging.get_verbosity()
    bar = logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bar:
            logging.enable_progress_bar()
