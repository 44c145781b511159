from collections.abc import Callable

import pytest
import torch
from torch.nn.functional import cross_entropy
from transformers import T5ForConditionalGeneration

from radimpress.config.schema import Lora
from radimpress.modeling.adapters import with_adapter
from radimpress.modeling.batching import collate
from radimpress.modeling.encoding import Example
from radimpress.modeling.packed_model import packed
from radimpress.modeling.packing import Rounding, pack

Make = Callable[..., T5ForConditionalGeneration]
LENGTHS = [(3, 2), (150, 9), (40, 30), (38, 1), (37, 4), (36, 4), (12, 3), (5, 5), (140, 2), (7, 7)]


@pytest.fixture(scope="module")
def pairs() -> list[Example]:
    """Pairs of very different lengths, some beyond T5's largest relative distance."""
    torch.manual_seed(4)
    return [
        Example(torch.randint(3, 300, (s,)).tolist(), torch.randint(3, 300, (t,)).tolist())
        for s, t in LENGTHS
    ]


def learn(model: torch.nn.Module, batch: dict[str, torch.Tensor]) -> tuple[float, torch.Tensor]:
    """The mean loss of a batch, and all gradients in one vector."""
    model.zero_grad()
    given = dict(batch)
    labels = given.pop("labels").flatten()
    loss = cross_entropy(model(**given).logits.flatten(0, -2), labels, ignore_index=-100)
    loss.backward()
    grads = [p.grad.flatten() for p in model.parameters() if p.grad is not None]
    return loss.item(), torch.cat(grads)


@pytest.mark.parametrize("flan", [False, True], ids=["tied head", "separate head"])
@pytest.mark.parametrize("rounding", [Rounding(), Rounding(width=8, row=64)])
def test_packed_pairs_give_the_loss_and_the_gradients_of_padded_pairs(
    make_t5: Make, pairs: list[Example], flan: bool, rounding: Rounding
) -> None:
    model = make_t5(flan=flan, num_layers=2).train()
    padded_loss, padded_gradient = learn(model, collate(pairs, 0, 0))
    with packed(model):
        loss, gradient = learn(model, pack(pairs, 0, 0, rounding))
    assert loss == pytest.approx(padded_loss, rel=1e-6)
    torch.testing.assert_close(gradient, padded_gradient, rtol=1e-4, atol=2e-6)


def test_a_pair_is_read_as_if_it_were_alone(make_t5: Make, pairs: list[Example]) -> None:
    model = make_t5()
    with packed(model), torch.no_grad():
        together = pack(pairs, 0, 0, Rounding())
        del together["labels"]
        logits = model(**together).logits
    longest = max(pairs, key=lambda pair: len(pair.input_ids))
    alone = collate([longest], 0, 0)
    del alone["labels"]
    expected = model(**alone).logits[0]
    torch.testing.assert_close(logits[: len(expected)], expected, rtol=0, atol=1e-5)


def test_a_micro_batch_without_pairs_teaches_nothing(make_t5: Make) -> None:
    model = make_t5()
    batch = pack([], 0, 0, Rounding())
    labels = batch.pop("labels")
    with packed(model):
        logits = model(**batch).logits
        cross_entropy(logits, labels, ignore_index=-100, reduction="sum").backward()
    assert labels.tolist() == [-100]
    assert all(not p.grad.any() for p in model.parameters() if p.grad is not None)


def test_adapters_learn_from_packed_pairs_what_they_learn_from_padded_ones(
    make_t5: Make, pairs: list[Example]
) -> None:
    model = with_adapter(make_t5(), Lora(rank=2, alpha=4, dropout=0.0), seed=1)
    padded_loss, padded_gradient = learn(model, collate(pairs, 0, 0))
    with packed(model):
        loss, gradient = learn(model, pack(pairs, 0, 0, Rounding()))
    assert loss == pytest.approx(padded_loss, rel=1e-6)
    torch.testing.assert_close(gradient, padded_gradient, rtol=1e-4, atol=2e-6)


def test_bf16_stays_near_fp32(make_t5: Make, pairs: list[Example]) -> None:
    model = make_t5()
    with packed(model):
        exact, _ = learn(model, pack(pairs, 0, 0, Rounding()))
        with torch.autocast("cpu", torch.bfloat16):
            near, _ = learn(model, pack(pairs, 0, 0, Rounding(row=64)))
    assert near == pytest.approx(exact, abs=0.02)


def test_dropout_falls_on_attention_too(make_t5: Make, pairs: list[Example]) -> None:
    model = make_t5().train()
    attention = model.encoder.block[0].layer[0].SelfAttention
    batch = pack(pairs, 0, 0, Rounding())
    with packed(model):
        plain, _ = learn(model, batch)
        attention.dropout = 0.5
        dropped, _ = learn(model, batch)
        model.eval()
        assert learn(model, batch)[0] == pytest.approx(plain, abs=1e-6)
    assert abs(dropped - plain) > 1e-4


def test_the_model_is_as_before_afterwards(make_t5: Make, pairs: list[Example]) -> None:
    model = make_t5()
    before, _ = learn(model, collate(pairs, 0, 0))
    with packed(model):
        assert "forward" in vars(model)
    after, _ = learn(model, collate(pairs, 0, 0))
    assert after == before
    assert not any("forward" in vars(module) for module in model.modules())
