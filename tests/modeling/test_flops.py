from dataclasses import replace

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode
from transformers import T5Config, T5ForConditionalGeneration

from radimpress.config.schema import Lora
from radimpress.modeling.adapters import with_adapter
from radimpress.modeling.flops import (
    Forward,
    Lengths,
    forward_flops,
    recomputed_flops,
    training_flops,
)
from radimpress.modeling.memory import FLAN, Shape, parameters

ROWS, SOURCE, TARGET = 3, 48, 20
SHAPES = [
    Shape(256, 64, 16, 128, 2, 2, 4, gated=True, tied=True),
    Shape(512, 48, 8, 96, 3, 2, 10, gated=False, tied=True),  # inner is not d_model
]


def module(shape: Shape, dropout: float = 0.0) -> T5ForConditionalGeneration:
    config = T5Config(
        vocab_size=shape.vocab_size,
        d_model=shape.d_model,
        d_kv=shape.d_kv,
        d_ff=shape.d_ff,
        num_layers=shape.num_layers,
        num_decoder_layers=shape.num_decoder_layers,
        num_heads=shape.num_heads,
        feed_forward_proj="gated-gelu" if shape.gated else "relu",
        decoder_start_token_id=0,
        dropout_rate=dropout,
        attn_implementation="eager",  # the counter has no formula for the fused kernel on CPUs
    )
    return T5ForConditionalGeneration(config).train()


def trained(model: torch.nn.Module, inputs: dict[str, torch.Tensor]) -> int:
    """The operations of a forward and backward pass."""
    counter = FlopCounterMode(display=False)
    with counter:
        loss = model(**inputs, use_cache=False).loss
        loss.backward()
    return counter.get_total_flops()


def batch(shape: Shape) -> dict[str, torch.Tensor]:
    return {
        "input_ids": torch.randint(3, shape.vocab_size, (ROWS, SOURCE)),
        "labels": torch.randint(3, shape.vocab_size, (ROWS, TARGET)),
    }


@pytest.mark.parametrize("shape", SHAPES)
def test_the_forward_pass_is_what_pytorch_counts(shape: Shape) -> None:
    model, inputs = module(shape), batch(shape)
    counter = FlopCounterMode(display=False)
    with torch.no_grad(), counter:
        model(**inputs, use_cache=False)
    seen = counter.get_total_flops()
    expected = forward_flops(shape, Lengths.of(SOURCE, TARGET)) * ROWS
    assert expected.total == pytest.approx(seen, rel=0.001)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_training_step_is_what_pytorch_counts(shape: Shape) -> None:
    model, inputs = module(shape), batch(shape)
    seen = trained(model, inputs)
    expected = training_flops(forward_flops(shape, Lengths.of(SOURCE, TARGET)) * ROWS)
    assert expected == pytest.approx(seen, rel=0.02)


def test_checkpointing_adds_the_blocks_once_more() -> None:
    shape = SHAPES[0]
    model, inputs = module(shape, dropout=0.1), batch(shape)
    plain = trained(model, inputs)
    model.gradient_checkpointing_enable({"use_reentrant": False})
    seen = trained(model, inputs) - plain
    expected = recomputed_flops(forward_flops(shape, Lengths.of(SOURCE, TARGET)) * ROWS)
    assert expected == pytest.approx(seen, rel=0.01)


def test_an_adapter_saves_the_gradients_of_frozen_weights() -> None:
    shape = replace(SHAPES[0], num_layers=6, num_decoder_layers=6)
    inputs = batch(shape)
    model = with_adapter(module(shape), Lora(rank=1, targets=["q", "v"]), seed=1)
    seen = trained(model, inputs)
    forward = forward_flops(shape, Lengths.of(SOURCE, TARGET)) * ROWS
    assert training_flops(forward, frozen=True) == pytest.approx(seen, rel=0.05)
    assert training_flops(forward) > 1.3 * seen


def test_long_models_approach_six_operations_a_weight_and_token() -> None:
    xl = FLAN["flan_t5_xl"]
    forward = forward_flops(xl, Lengths.of(100, 100))
    embedding = xl.vocab_size * xl.d_model  # the lookup multiplies nothing
    kaplan = 6 * (parameters(xl) - embedding) * 100
    assert training_flops(forward) == pytest.approx(kaplan, rel=0.03)


def test_operations_are_those_of_each_pair_added_up() -> None:
    shape = SHAPES[0]
    pairs = [(10, 4), (50, 9), (75, 30)]
    total = sum(forward_flops(shape, Lengths.of(s, t)).total for s, t in pairs)
    n = len(pairs)
    mean = Lengths(
        sum(s for s, _ in pairs) / n,
        sum(t for _, t in pairs) / n,
        sum(s * s for s, _ in pairs) / n,
        sum(t * t for _, t in pairs) / n,
        sum(s * t for s, t in pairs) / n,
    )
    assert (forward_flops(shape, mean) * n).total == pytest.approx(total)
    assert Forward(1, 2, 3).total == 6
