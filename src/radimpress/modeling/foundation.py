"""Stage `foundation`: the checkpoint that fine-tuning starts from."""

from pathlib import Path

from transformers import T5Config

from radimpress.config.fingerprint import fingerprint
from radimpress.config.schema import Cleaning, Config, Origin
from radimpress.modeling.hub import copy_checkpoint
from radimpress.modeling.prompt import Prompt
from radimpress.modeling.recipe import Decoding, Recipe, TextCleaning, write_recipe
from radimpress.runtime.atomic import whole_folder
from radimpress.runtime.errors import next_step


def make_foundation(config: Config, out: Path) -> None:
    """Write the model folder `out`: a copy of a hub checkpoint, or a tiny T5 pre-trained here.

    Of the configuration only `model`, `generation.max_new_tokens` and `compute` are used, and
    `compute` never decides the result: the stage need not run again when another corpus is chosen.
    """
    if config.model.origin is Origin.tiny:
        from radimpress.modeling.tiny import make_tiny

        tiny = config.model.tiny
        base = f"{tiny.reports:,} generated reports of institution {tiny.institution}"
        make_tiny(config, foundation_recipe(config, base), out)
        return
    with whole_folder(out) as temporary:
        base = copy_checkpoint(config.model, temporary)
        try:
            T5Config.from_pretrained(temporary)
        except Exception as error:
            raise next_step(
                f"transformers refuses the config.json of {base}: {type(error).__name__}",
                "use an unmodified T5 checkpoint",
            ) from error
        write_recipe(temporary, foundation_recipe(config, base))


def foundation_recipe(config: Config, base: str) -> Recipe:
    """The recipe of a checkpoint that no corpus has touched: default cleaning, greedy decoding."""
    return Recipe(
        config.model.name,
        base,
        Prompt.of(config.model),
        TextCleaning.of(Cleaning()),
        Decoding(config.generation.max_new_tokens),
        fingerprint(config.model),
    )
