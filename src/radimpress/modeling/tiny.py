"""The tiny foundation: tokenizer and T5 trained here on another institution's generated reports."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import torch
from transformers import T5Config, T5ForConditionalGeneration

from radimpress.config.fingerprint import fingerprint
from radimpress.config.schema import Config, Strategy, Tiny, Training
from radimpress.corpus.synthetic import INSTITUTIONS, pairs
from radimpress.modeling import checkpoints
from radimpress.modeling.arguments import FitSettings
from radimpress.modeling.encoding import encode
from radimpress.modeling.fit import fit
from radimpress.modeling.folder import save_model
from radimpress.modeling.recipe import Recipe
from radimpress.modeling.retrieval import Retrieval
from radimpress.modeling.tokenizer import train_tokenizer
from radimpress.runtime.roots import checkpoints_root

TOKENIZER_REPORTS = 2000  # of each institution
HELD_OUT = 50  # one pair in so many measures the pre-training


def make_tiny(config: Config, recipe: Recipe, out: Path) -> None:
    """Pre-train on generated pairs, with the prompt of `recipe`, and write the model folder `out`.

    The weights see nothing but these pairs, the tokenizer generated reports of every institution:
    no report of the user's, in whatever split, can leak into the foundation. Where the prompt
    retrieves, neighbours come from the pairs too: the model learns to copy. A killed pre-training
    goes on from its last checkpoint.
    """
    tiny = config.model.tiny
    torch.set_num_threads(config.compute.threads)
    reports = pairs(tiny.institution, tiny.reports, tiny.seed)
    tokenizer = train_tokenizer(_words(tiny), tiny.vocabulary)
    neighbours = Retrieval(reports, recipe.prompt.retrieval).impressions(reports, own=True)
    examples = encode(tokenizer, recipe.prompt, reports, neighbours)
    kept = checkpoints_root() / f"foundation-{fingerprint(config.model)[:32]}"
    result = fit(
        new_t5(tiny, len(tokenizer)),
        tokenizer,
        train=[example for i, example in enumerate(examples) if i % HELD_OUT],
        validation=examples[::HELD_OUT],
        settings=_settings(config),
        checkpoint_folder=kept,
    )
    save_model(out, result.model, tokenizer, recipe)
    checkpoints.remove(kept)


def _words(tiny: Tiny) -> Iterator[str]:
    """Texts of every institution: a tokenizer knows a language, not a hospital."""
    for institution in INSTITUTIONS:
        for report in pairs(institution, TOKENIZER_REPORTS, tiny.seed):
            yield report.findings
            yield report.impression


def new_t5(tiny: Tiny, vocabulary: int) -> T5ForConditionalGeneration:
    """A T5 with fresh weights, the same for the same seed.

    The head is tied to the embedding: untied, transformers starts T5 at a loss of 70 instead of the
    7 of a guess among 1,024 tokens.
    """
    torch.manual_seed(tiny.seed)
    return T5ForConditionalGeneration(
        T5Config(
            vocab_size=vocabulary,
            d_model=tiny.d_model,
            d_kv=tiny.d_model // tiny.heads,
            d_ff=tiny.d_ff,
            num_layers=tiny.layers,
            num_heads=tiny.heads,
            dropout_rate=tiny.dropout,
            feed_forward_proj="gated-gelu",
            decoder_start_token_id=0,
        )
    )


def _settings(config: Config) -> FitSettings:
    """One process whatever `compute` asks of fine-tuning: a minute's work is not worth sharing."""
    tiny = config.model.tiny
    return FitSettings(
        tiny.seed,
        Training(
            epochs=tiny.epochs,
            learning_rate=tiny.learning_rate,
            scheduler="linear",
            batch_size=tiny.batch_size,
            evaluations=tiny.epochs,
            patience=tiny.epochs,
        ),
        replace(
            config.compute,
            strategy=Strategy.single,
            processes=1,
            gradient_checkpointing=False,
            micro_batch_size=tiny.batch_size,
        ),
        title="pre-training",
    )
