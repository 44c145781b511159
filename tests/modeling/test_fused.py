from collections.abc import Callable

import pytest
import torch
from transformers import T5ForConditionalGeneration

from radimpress.modeling.fused import fused

Make = Callable[..., T5ForConditionalGeneration]


def step(model: T5ForConditionalGeneration) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits and all gradients."""
    ids = torch.arange(3, 33).reshape(3, 10)
    model.zero_grad()
    output = model(input_ids=ids, labels=ids[:, :4].contiguous())
    output.loss.backward()
    grads = [p.grad.flatten() for p in model.parameters() if p.grad is not None]
    return output.logits.detach(), torch.cat(grads)


def test_fused_parts_give_the_same_logits_and_gradients(make_t5: Make) -> None:
    model = make_t5()
    logits, gradient = step(model)
    with fused(model):
        fused_logits, fused_gradient = step(model)
    torch.testing.assert_close(fused_logits, logits, rtol=0, atol=1e-5)
    torch.testing.assert_close(fused_gradient, gradient, rtol=1e-4, atol=1e-6)


def test_the_detour_through_fp32_changes_nothing_in_bf16(make_t5: Make) -> None:
    model = make_t5()
    with torch.autocast("cpu", torch.bfloat16):
        logits, _ = step(model)
        with fused(model):
            fused_logits, _ = step(model)
    torch.testing.assert_close(fused_logits, logits, rtol=0, atol=0.05)


@pytest.mark.parametrize("fails", [False, True])
def test_the_model_is_as_before_afterwards(make_t5: Make, fails: bool) -> None:
    model = make_t5()
    acts = [type(module.act) for module in model.modules() if hasattr(module, "act")]
    assert len(acts) == 2
    try:
        with fused(model):
            inside = {type(module.act) for module in model.modules() if hasattr(module, "act")}
            assert inside == {torch.nn.GELU}
            if fails:
                raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    assert [type(m.act) for m in model.modules() if hasattr(m, "act")] == acts
    assert not any("forward" in vars(module) for module in model.modules())
