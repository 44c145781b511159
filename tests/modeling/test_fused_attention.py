from collections.abc import Callable

import pytest
import torch
from torch.nn import Linear
from transformers import T5ForConditionalGeneration

from radimpress.modeling import packed_attention
from radimpress.modeling.encoding import Example
from radimpress.modeling.fused_attention import can_fuse
from radimpress.modeling.packed_model import packed
from radimpress.modeling.packing import Rounding, pack

LENGTHS = [(3, 2), (40, 30), (38, 1), (37, 4), (36, 4), (12, 3), (5, 5), (7, 7)]


def learn(model: T5ForConditionalGeneration, bf16: bool) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits of packed pairs that fill their rows up, and all gradients in one vector."""
    dice = torch.Generator().manual_seed(4)

    def text(tokens: int) -> list[int]:
        return torch.randint(3, 300, (tokens,), generator=dice).tolist()

    batch = pack([Example(text(s), text(t)) for s, t in LENGTHS], 0, 0, Rounding(row=64))
    labels = batch.pop("labels")
    model.zero_grad()
    with packed(model), torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        logits = model(**batch).logits.float()
        torch.nn.functional.cross_entropy(logits, labels).backward()
    gradient = torch.cat([p.grad.flatten() for p in model.parameters() if p.grad is not None])
    return logits[labels >= 0].detach(), gradient


@pytest.mark.parametrize(("bf16", "tolerance"), [(False, 1e-6), (True, 1e-2)], ids=["fp32", "bf16"])
def test_it_gives_what_attention_step_by_step_gives(
    make_t5: Callable[..., T5ForConditionalGeneration],
    monkeypatch: pytest.MonkeyPatch,
    bf16: bool,
    tolerance: float,
) -> None:
    model = make_t5(num_layers=2, num_heads=3).train()
    logits, gradient = learn(model, bf16)
    monkeypatch.setattr(packed_attention, "can_fuse", lambda _: False)
    expected, wanted = learn(model, bf16)
    assert (logits - expected).abs().max() <= tolerance * expected.abs().max()
    assert (gradient - wanted).abs().max() <= tolerance * wanted.abs().max()


def test_only_plain_layers_that_learn_are_fused() -> None:
    class Adapted(Linear):
        """As peft wraps them."""

    plain, frozen = Linear(2, 2, bias=False), Linear(2, 2, bias=False).requires_grad_(False)
    assert can_fuse([plain, plain])
    assert not can_fuse([plain, frozen])
    assert not can_fuse([plain, Linear(2, 2)])
    assert not can_fuse([plain, Adapted(2, 2, bias=False)])
