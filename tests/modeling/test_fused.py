from collections.abc import Callable

import pytest
import torch
from transformers import T5ForConditionalGeneration
from transformers.models.t5.modeling_t5 import T5LayerNorm

from radimpress.modeling.fused import fused, residual

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


@pytest.mark.parametrize("weight_is_frozen", [False, True])
def test_the_norm_and_its_gradients_are_right_where_the_mean_is_far_from_0(
    weight_is_frozen: bool,
) -> None:
    torch.manual_seed(0)
    norm = T5LayerNorm(16)
    torch.nn.init.normal_(norm.weight)
    norm.weight.requires_grad_(not weight_is_frozen)
    hidden = (torch.randn(2, 5, 16) + 3).requires_grad_()
    learned = [hidden] if weight_is_frozen else [hidden, norm.weight]
    back = torch.randn(2, 5, 16)
    plain = norm(hidden)
    expected = [plain, *torch.autograd.grad(plain, learned, back)]
    with fused(norm):
        normed = norm(hidden)
    torch.testing.assert_close([normed, *torch.autograd.grad(normed, learned, back)], expected)


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


def test_what_joins_the_stream_is_of_its_format():
    given = torch.tensor([1.5], dtype=torch.bfloat16)
    joined = residual(given)
    assert joined.dtype is torch.float32
    assert joined.item() == 1.5
