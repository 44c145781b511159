"""A T5 that reads packed rows instead of padded ones, while a block of code lasts."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import MethodType
from typing import TYPE_CHECKING, Any

import torch
from transformers.modeling_outputs import Seq2SeqLMOutput
from transformers.models.t5.modeling_t5 import T5Attention

from radimpress.modeling.packed_attention import attend
from radimpress.modeling.packing import Packing
from radimpress.modeling.slots import packed_slots

if TYPE_CHECKING:
    from torch.nn import Module
    from transformers import T5ForConditionalGeneration


@contextmanager
def packed(model: "Module") -> Iterator[None]:
    """Let the T5 in `model` (which may wrap it in adapters) take what `packing.pack` gives.

    Its weights and its results are those of the padded T5 up to rounding; only the order of the
    computation differs. Modules keep their hooks, so that DDP, FSDP, adapters and gradient
    checkpointing work as ever.
    """
    t5: Module = getattr(model, "get_base_model", lambda: model)()
    forwards = {m: MethodType(attend, m) for m in t5.modules() if isinstance(m, T5Attention)}
    forwards[t5] = MethodType(_forward, t5)
    before = {module: vars(module).get("forward") for module in forwards}
    for module, forward in forwards.items():
        module.forward = forward
    try:
        yield
    finally:
        for module, forward in before.items():
            del module.forward
            if forward is not None:
                module.forward = forward


def _forward(
    self: "T5ForConditionalGeneration",
    input_ids: torch.Tensor,
    decoder_input_ids: torch.Tensor,
    packing: Packing,
    **_: Any,
) -> Seq2SeqLMOutput:
    """Logits of shape (target tokens, vocabulary)."""
    slots = packed_slots(
        packing,
        self.config.num_heads,
        input_ids.shape[1],
        decoder_input_ids.shape[1],
        input_ids.device,
    )
    made = torch.zeros(1, 1, 1, 1, device=input_ids.device)  # transformers makes no mask of its own
    # At once: each look-up has a gradient as large as the vocabulary's whole embedding.
    embedded = self.shared(torch.cat((input_ids, decoder_input_ids), dim=1))
    sources, targets = embedded.split((input_ids.shape[1], decoder_input_ids.shape[1]), dim=1)
    read = self.encoder(inputs_embeds=sources, attention_mask=made, slots=slots).last_hidden_state
    written = self.decoder(
        inputs_embeds=targets,
        attention_mask=made,
        encoder_hidden_states=read,
        encoder_attention_mask=made,
        use_cache=False,
        slots=slots,
    ).last_hidden_state[0]
    if self.config.scale_decoder_outputs:
        written = written * self.model_dim**-0.5
    return Seq2SeqLMOutput(logits=self.lm_head(written))
