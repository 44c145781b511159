"""radimpress.json: everything beside the weights that decides what a model writes."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from radimpress.config.fingerprint import fingerprint
from radimpress.config.schema import Cleaning, Config, Generation, ListNumbers, Omissions
from radimpress.modeling.prompt import Prompt
from radimpress.runtime.atomic import write_text
from radimpress.runtime.errors import next_step

FILE_NAME = "radimpress.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class TextCleaning:
    """How the training text was cleaned; raw findings in serving get the same."""

    list_numbers: ListNumbers
    placeholder: str

    @classmethod
    def of(cls, cleaning: Cleaning) -> "TextCleaning":
        """The part of the corpus cleaning that changes text."""
        return cls(cleaning.list_numbers, cleaning.placeholder)


@dataclass(frozen=True, slots=True)
class Decoding:
    """How an impression is searched for; `num_beams` 1 is greedy."""

    max_new_tokens: int
    num_beams: int = 1
    length_penalty: float = 1.0
    no_repeat_ngram_size: int = 0

    @classmethod
    def of(cls, generation: Generation) -> "Decoding":
        """The part of the generation settings that changes the output."""
        return cls(
            generation.max_new_tokens,
            generation.num_beams,
            generation.length_penalty,
            generation.no_repeat_ngram_size,
        )


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a model folder needs to be used as it was trained.

    `model` is `model.name` of the configuration; `base` names what the weights started from;
    `fingerprint` is that of seed, model, training and cleaning. No time, run id or path is here:
    equal runs give equal folders.
    """

    model: str
    base: str
    prompt: Prompt
    cleaning: TextCleaning
    decoding: Decoding
    fingerprint: str
    states_omissions: bool = False  # `omissions.with_omitted` completes what the model writes


def trained_recipe(config: Config, base: str) -> Recipe:
    """The recipe of a model fine-tuned by `config` from the foundation `base`."""
    parts = (config.seed, config.model, config.training, config.data.cleaning)
    return Recipe(
        config.model.name,
        base,
        Prompt.of(config.model),
        TextCleaning.of(config.data.cleaning),
        Decoding.of(config.generation),
        fingerprint(*parts),
        states_omissions=config.generation.omissions is Omissions.state,
    )


def write_recipe(folder: Path, recipe: Recipe) -> None:
    """Write `recipe` to `folder`/radimpress.json."""
    plain = {"format": FORMAT} | asdict(recipe)
    plain["cleaning"]["list_numbers"] = recipe.cleaning.list_numbers.value
    write_text(folder / FILE_NAME, json.dumps(plain, indent=2, ensure_ascii=False) + "\n")


def read_recipe(folder: Path) -> Recipe:
    """Read `folder`/radimpress.json. Raises RadimpressError for a missing, bad or newer file."""
    path = folder / FILE_NAME
    if not path.is_file():
        raise next_step(
            f"{path} is missing: {folder} is no model folder of radimpress",
            "name a folder that `dvc repro` made, such as models/finetuned",
        )
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        found = plain.pop("format")
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise next_step(f"{path} is damaged", "fetch it again with `dvc checkout`") from error
    if found != FORMAT:
        raise next_step(
            f"{path} has format {found!r}, this radimpress reads format {FORMAT}",
            "use the radimpress that made the model, or train it again",
        )
    try:
        return _recipe(plain)
    except (KeyError, TypeError, ValueError) as error:
        raise next_step(
            f"{path} does not fit format {FORMAT}: {type(error).__name__} {error}",
            "fetch it again with `dvc checkout`",
        ) from error


def _recipe(plain: dict[str, Any]) -> Recipe:
    cleaning = plain["cleaning"]
    return Recipe(
        **plain
        | {
            "prompt": Prompt(**plain["prompt"]),
            "cleaning": TextCleaning(
                **cleaning | {"list_numbers": ListNumbers(cleaning["list_numbers"])}
            ),
            "decoding": Decoding(**plain["decoding"]),
        }
    )
