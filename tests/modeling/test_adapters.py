from collections.abc import Callable

import pytest
import torch
from transformers import T5ForConditionalGeneration

from radimpress.config.schema import Lora
from radimpress.modeling.adapters import merged, weights, with_adapter
from radimpress.runtime.errors import RadimpressError

LORA = Lora(rank=4, alpha=8, dropout=0.1, targets=["q", "v"])


@pytest.mark.parametrize("flan", [False, True])
def test_merged_weights_give_the_logits_of_the_adapter(
    make_t5: Callable[..., T5ForConditionalGeneration], flan: bool
) -> None:
    ids = {"input_ids": torch.tensor([[5, 6, 7, 1]]), "decoder_input_ids": torch.tensor([[0, 9]])}
    before = make_t5(flan=flan)(**ids).logits
    adapted = with_adapter(make_t5(flan=flan), LORA, seed=1).eval()
    torch.testing.assert_close(adapted(**ids).logits, before)
    with torch.no_grad():
        for name, weight in adapted.named_parameters():
            if "lora_B" in name:  # zero until trained
                weight.normal_(std=0.5)
    after = adapted(**ids).logits
    assert (after - before).abs().max() > 0.01
    plain = merged(adapted)
    assert type(plain) is T5ForConditionalGeneration
    assert plain.state_dict().keys() == make_t5(flan=flan).state_dict().keys()
    torch.testing.assert_close(plain(**ids).logits, after, rtol=1e-4, atol=1e-5)


def test_only_the_adapter_is_trained(make_t5: Callable[..., T5ForConditionalGeneration]) -> None:
    whole, _ = weights(make_t5())
    total, trained = weights(with_adapter(make_t5(), LORA, seed=1))
    # q and v of three attentions, each two matrices of rank 4 by 16
    assert trained == 3 * 2 * 2 * 4 * 16
    assert total == whole + trained


def test_the_first_weights_follow_from_the_seed(
    make_t5: Callable[..., T5ForConditionalGeneration],
) -> None:
    def first(seed: int) -> torch.Tensor:
        model = with_adapter(make_t5(), LORA, seed)
        return next(w for n, w in model.named_parameters() if "lora_A" in n)

    assert torch.equal(first(1), first(1))
    assert not torch.equal(first(1), first(2))


def test_targets_that_the_model_lacks_are_named(
    make_t5: Callable[..., T5ForConditionalGeneration],
) -> None:
    with pytest.raises(RadimpressError, match=r"\['query'\] are not layers.*q, k, v, o"):
        with_adapter(make_t5(), Lora(targets=["query"]), seed=1)
