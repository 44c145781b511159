"""Low-rank adapters (Hu et al. 2021, https://arxiv.org/abs/2106.09685) around a T5, by peft."""

import warnings
from typing import TYPE_CHECKING

from radimpress.config.schema import Lora
from radimpress.runtime.errors import next_step

if TYPE_CHECKING:
    from peft import PeftModel
    from torch.nn import Module
    from transformers import T5ForConditionalGeneration


def with_adapter(model: "T5ForConditionalGeneration", lora: Lora, seed: int) -> "PeftModel":
    """Freeze `model` and put a trainable adapter on its `lora.targets`; it starts as no change.

    The adapter's first weights follow from `seed`. Raises RadimpressError for targets that the
    model does not have.
    """
    import torch
    from peft import LoraConfig, TaskType, get_peft_model

    settings = LoraConfig(
        task_type=TaskType.SEQ_2_SEQ_LM,
        r=lora.rank,
        lora_alpha=lora.alpha,
        lora_dropout=lora.dropout,
        target_modules=list(lora.targets),
    )
    torch.manual_seed(seed)
    try:
        return get_peft_model(model, settings)
    except ValueError as error:
        raise next_step(
            f"model.lora.targets {list(lora.targets)} are not layers of this model",
            "use names of T5's linear layers: q, k, v, o, wi_0, wi_1, wo",
        ) from error


def merged(model: "PeftModel") -> "T5ForConditionalGeneration":
    """The plain model with the adapter added into its weights: the same logits without peft."""
    with warnings.catch_warnings():
        # FLAN's head was never tied; saving writes the flag as it must be (layout.mend_checkpoint).
        warnings.filterwarnings("ignore", message="Input and output embeddings are no longer tied")
        return model.merge_and_unload()


def weights(model: "Module") -> tuple[int, int]:
    """How many weights a model has, and how many of them are trained (shared ones count once)."""
    counts = [(p.numel(), p.requires_grad) for p in model.parameters()]
    return sum(n for n, _ in counts), sum(n for n, trained in counts if trained)
