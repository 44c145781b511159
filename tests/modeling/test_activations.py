from collections.abc import Callable

import torch
from transformers import T5ForConditionalGeneration

from radimpress.modeling.activations import fused_gelu


def test_the_fused_gelu_gives_the_same_logits_and_gradients(
    make_t5: Callable[..., T5ForConditionalGeneration],
) -> None:
    model = make_t5()
    ids = torch.arange(3, 33).reshape(3, 10)

    def step() -> tuple[torch.Tensor, torch.Tensor]:
        model.zero_grad()
        output = model(input_ids=ids, labels=ids[:, :4].contiguous())
        output.loss.backward()
        return output.logits.detach(), model.encoder.block[0].layer[
            1
        ].DenseReluDense.wi_0.weight.grad

    logits, gradient = step()
    with fused_gelu(model):
        fused_logits, fused_gradient = step()
    torch.testing.assert_close(fused_logits, logits, rtol=0, atol=1e-5)
    torch.testing.assert_close(fused_gradient, gradient, rtol=1e-4, atol=1e-6)


def test_the_model_is_as_before_afterwards(
    make_t5: Callable[..., T5ForConditionalGeneration],
) -> None:
    model = make_t5()
    acts = [type(module.act) for module in model.modules() if hasattr(module, "act")]
    assert len(acts) == 2
    with fused_gelu(model):
        inside = {type(module.act) for module in model.modules() if hasattr(module, "act")}
        assert inside == {torch.nn.GELU}
    assert [type(m.act) for m in model.modules() if hasattr(m, "act")] == acts
