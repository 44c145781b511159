"""Small models and invented reports that the modeling tests share."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from transformers import PreTrainedTokenizerFast, T5Config, T5ForConditionalGeneration

from radimpress.config.schema import ListNumbers
from radimpress.corpus.report import Report
from radimpress.corpus.synthetic import pairs
from radimpress.modeling.folder import save_model
from radimpress.modeling.prompt import Prompt
from radimpress.modeling.recipe import Decoding, Recipe, TextCleaning
from radimpress.modeling.tokenizer import train_tokenizer

FINDINGS = (
    "The heart is normal in size. The lungs are clear.",
    "There is a small left pleural effusion. The heart is enlarged.",
    "Right lower lobe opacity. No pneumothorax or pleural effusion.",
    "The lungs are hyperinflated. The mediastinum is normal.",
)
IMPRESSIONS = (
    "No acute cardiopulmonary abnormality.",
    "Small left pleural effusion. Cardiomegaly.",
    "Right lower lobe pneumonia.",
    "Hyperinflated lungs.",
)


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def reports() -> list[Report]:
    """Twelve invented reports of twelve patients; four texts, each with a number of its own."""
    return [
        Report(
            study_id=f"s{number:02}",
            subject_id=f"p{number:02}",
            source="invented",
            background="Indication: cough.",
            findings=f"{FINDINGS[number % 4]} View {number}.",
            impression=IMPRESSIONS[number % 4],
        )
        for number in range(12)
    ]


@pytest.fixture(scope="session")
def tokenizer(reports: list[Report]) -> PreTrainedTokenizerFast:
    """A byte-level tokenizer of 300 tokens."""
    return train_tokenizer([text for r in reports for text in (r.findings, r.impression)], 300)


@pytest.fixture
def make_t5(tokenizer: PreTrainedTokenizerFast) -> Callable[..., T5ForConditionalGeneration]:
    """A random T5 of about 20,000 weights for `tokenizer`; `flan`: with FLAN's separate head."""

    def make(flan: bool = False, seed: int = 0, **changes: object) -> T5ForConditionalGeneration:
        torch.manual_seed(seed)
        sizes = {"d_model": 16, "d_kv": 8, "d_ff": 32, "num_layers": 1, "num_heads": 2}
        config = T5Config(
            **sizes | changes,
            vocab_size=len(tokenizer),
            feed_forward_proj="gated-gelu",
            tie_word_embeddings=not flan,
            decoder_start_token_id=0,
            dropout_rate=0.0,
        )
        model = T5ForConditionalGeneration(config)
        if flan:
            head = torch.randn_like(model.shared.weight)
            model.lm_head.weight = torch.nn.Parameter(head)
        return model.eval()

    return make


@pytest.fixture
def flan_checkpoint(
    tmp_path: Path,
    make_t5: Callable[..., T5ForConditionalGeneration],
    tokenizer: PreTrainedTokenizerFast,
) -> Path:
    """A random checkpoint of FLAN's layout as transformers 5 saves it, without radimpress.json."""
    folder = tmp_path / "flan-t5-nano"
    make_t5(flan=True).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def recipe() -> Recipe:
    """A recipe of the plain prompt with short limits and greedy decoding."""
    return Recipe(
        model="t5_nano",
        base="nothing",
        prompt=Prompt("{findings}", max_source_tokens=64, max_target_tokens=32),
        cleaning=TextCleaning(ListNumbers.strip, "___"),
        decoding=Decoding(max_new_tokens=12),
        fingerprint="0" * 64,
    )


@pytest.fixture(scope="session", params=[False, True], ids=["tied head", "separate head"])
def talking_folder(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, recipe: Recipe
) -> Path:
    """A model folder whose random T5, tied or of FLAN's layout, tells findings apart and ends.

    Its tokens are nearly equally likely: the hardest case for two engines that must agree.
    """
    reports = pairs("B", 320, seed=99)
    words = (text for report in reports for text in (report.findings, report.impression))
    tokenizer = train_tokenizer(words, 500)
    torch.manual_seed(0)
    model = T5ForConditionalGeneration(
        T5Config(
            vocab_size=len(tokenizer),
            **{"d_model": 48, "d_kv": 16, "d_ff": 96, "num_layers": 2, "num_heads": 2},
            feed_forward_proj="gated-gelu",
            tie_word_embeddings=not request.param,
            decoder_start_token_id=0,
            dropout_rate=0.0,
        )
    )
    if request.param:
        model.lm_head.weight = torch.nn.Parameter(torch.randn_like(model.shared.weight))
    with torch.no_grad():
        model.lm_head.weight[1] *= 2.0  # the end of sequence
        for block in model.decoder.block:
            block.layer[1].EncDecAttention.v.weight *= 10.0
    prompt = Prompt("{findings}", max_source_tokens=160, max_target_tokens=64)
    folder = tmp_path_factory.mktemp("talking") / "model"
    save_model(folder, model, tokenizer, replace(recipe, prompt=prompt, decoding=Decoding(40)))
    return folder
