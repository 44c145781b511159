import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from transformers import T5Config, T5ForConditionalGeneration

from radimpress.config.schema import Adapter, Compute, Config, Lora, Model, Strategy, Training
from radimpress.modeling.adapters import weights, with_adapter
from radimpress.modeling.memory import (
    FLAN,
    Shape,
    activation_bytes,
    inference_memory,
    lora_parameters,
    parameters,
    shape_of,
    training_memory,
)

GIB = 2**30
MEASURED = {  # counted on the checkpoints of google/flan-t5-*
    "flan_t5_small": 76_961_152,
    "flan_t5_base": 247_577_856,
    "flan_t5_large": 783_150_080,
    "flan_t5_xl": 2_849_757_184,
    "flan_t5_xxl": 11_135_332_352,
}


def configuration(adapter: Adapter = Adapter.none, **compute: object) -> Config:
    return Config(
        model=Model(adapter=adapter, lora=Lora(rank=8)),
        training=Training(batch_size=32),
        compute=Compute(**compute),
    )


@pytest.mark.parametrize("name", MEASURED)
def test_parameters_of_flan_are_counted_exactly(name: str) -> None:
    assert parameters(FLAN[name]) == MEASURED[name]


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("projection", ["relu", "gated-gelu"])
def test_parameters_equal_those_of_the_module(tied: bool, projection: str) -> None:
    config = T5Config(
        vocab_size=101,
        d_model=24,
        d_kv=6,
        d_ff=40,
        num_layers=2,
        num_decoder_layers=3,
        num_heads=5,
        feed_forward_proj=projection,
    )
    with torch.device("meta"):
        model = T5ForConditionalGeneration(config)
        if not tied:
            model.lm_head.weight = torch.nn.Parameter(torch.empty(101, 24))
    shape = Shape(101, 24, 6, 40, 2, 3, 5, projection == "gated-gelu", tied)
    assert parameters(shape) == sum(p.numel() for p in model.parameters())


def test_adapter_weights_equal_those_of_peft(make_t5: Callable) -> None:
    model = make_t5(num_layers=2)
    shape = Shape(model.config.vocab_size, 16, 8, 32, 2, 2, 2, gated=True, tied=True)
    for targets in (["q", "v"], ["k", "o", "wi_0", "wi_1", "wo"]):
        adapted = with_adapter(make_t5(num_layers=2), Lora(rank=3, targets=targets), seed=1)
        assert lora_parameters(shape, 3, targets) == weights(adapted)[1]


def test_xl_with_adamw_holds_42_and_a_half_gib_of_state() -> None:
    estimate = training_memory(FLAN["flan_t5_xl"], configuration(), bf16=True)
    assert estimate.state / GIB == pytest.approx(42.5, abs=0.05)
    assert estimate.total == estimate.state + estimate.activations + estimate.copies


def test_fsdp_shares_the_state_and_ddp_does_not() -> None:
    xl = FLAN["flan_t5_xl"]
    alone = training_memory(xl, configuration(), bf16=True)
    shared = training_memory(xl, configuration(strategy=Strategy.fsdp, processes=8), bf16=True)
    doubled = training_memory(xl, configuration(strategy=Strategy.ddp, processes=8), bf16=True)
    assert shared.state == pytest.approx(alone.state / 8, rel=1e-6)
    assert doubled.state == alone.state


def test_autocast_keeps_a_bf16_copy_of_every_weight() -> None:
    xl = FLAN["flan_t5_xl"]
    assert training_memory(xl, configuration(), bf16=True).copies == 2 * parameters(xl)
    assert training_memory(xl, configuration(), bf16=False).copies == 0


def test_ddp_holds_gradients_twice_and_fsdp_a_few_blocks_whole() -> None:
    xl = FLAN["flan_t5_xl"]
    ddp = training_memory(xl, configuration(strategy=Strategy.ddp, processes=8), bf16=False)
    assert ddp.copies == ddp.gradients == 4 * parameters(xl)
    fsdp = configuration(strategy=Strategy.fsdp, processes=8)
    block = 8 * 2048 * 2048 + 3 * 2048 * 5120
    root = 2 * 32128 * 2048
    assert training_memory(xl, fsdp, bf16=True).copies == 2 * (root + 3 * block)
    assert training_memory(xl, fsdp, bf16=False).copies / GIB == pytest.approx(1.2, abs=0.1)


def test_two_nodes_hold_half_of_one_nodes_shards() -> None:
    xl = FLAN["flan_t5_xl"]
    one = training_memory(xl, configuration(strategy=Strategy.fsdp, processes=8), bf16=True)
    both = configuration(strategy=Strategy.fsdp, processes=16, nodes=2)
    two = training_memory(xl, both, bf16=True)
    assert two.state == pytest.approx(one.state / 2, rel=1e-6)
    assert two.copies == one.copies


def test_shorter_pairs_need_less_and_never_more_than_the_prompt_allows() -> None:
    large = FLAN["flan_t5_large"]
    whole = training_memory(large, configuration(), bf16=True)
    short = training_memory(large, configuration(), bf16=True, source=128, target=32)
    assert short.activations < whole.activations / 4
    assert training_memory(large, configuration(), True, 9999, 9999) == whole


def test_lora_needs_little_beside_the_weights() -> None:
    xl = FLAN["flan_t5_xl"]
    lora = training_memory(xl, configuration(Adapter.lora), bf16=True)
    assert lora.weights == pytest.approx(4 * parameters(xl), rel=0.01)
    assert lora.gradients + lora.optimizer < 0.1 * GIB


def test_gradient_checkpointing_costs_less() -> None:
    large = FLAN["flan_t5_large"]
    plain = training_memory(large, configuration(), bf16=True)
    spared = training_memory(large, configuration(gradient_checkpointing=True), bf16=True)
    assert spared.activations < plain.activations / 5


def test_generation_in_bf16_takes_half() -> None:
    xl = FLAN["flan_t5_xl"]
    assert inference_memory(xl, 32, 512, 128, bf16=False) == 2 * inference_memory(
        xl, 32, 512, 128, bf16=True
    )


def test_a_checkpoint_tells_its_shape(flan_checkpoint: Path) -> None:
    shape = shape_of(flan_checkpoint)
    assert replace(shape, vocab_size=0) == Shape(0, 16, 8, 32, 1, 1, 2, gated=True, tied=False)
    stored = T5ForConditionalGeneration.from_pretrained(flan_checkpoint)
    assert parameters(shape) == sum(p.numel() for p in stored.parameters())


@pytest.mark.parametrize("bf16", [False, True])
@pytest.mark.parametrize(
    ("width", "layers", "source", "target"), [(128, 2, 100, 30), (96, 4, 192, 64)]
)
def test_activations_are_what_autograd_saves(
    bf16: bool, width: int, layers: int, source: int, target: int
) -> None:
    shape = Shape(256, width, width // 4, 2 * width, layers, layers, 4, gated=True, tied=True)
    estimate = activation_bytes(shape, 4, source, target, bf16, checkpointing=False)
    assert 0.95 < estimate / saved_bytes(shape, 4, source, target, bf16) < 1.3


def saved_bytes(shape: Shape, rows: int, source: int, target: int, bf16: bool) -> int:
    """The bytes of every storage that a forward pass keeps for the backward pass."""
    model = T5ForConditionalGeneration(
        T5Config(
            vocab_size=shape.vocab_size,
            d_model=shape.d_model,
            d_kv=shape.d_kv,
            d_ff=shape.d_ff,
            num_layers=shape.num_layers,
            num_heads=shape.num_heads,
            feed_forward_proj="gated-gelu",
            dropout_rate=0.1,
            decoder_start_token_id=0,
        )
    ).train()
    own = {p.untyped_storage().data_ptr() for p in model.parameters()}
    kept: list[torch.Tensor] = []  # keeps the storages alive, so that no address is used twice
    storages: dict[int, int] = {}

    def pack(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        kept.append(tensor)
        if storage.data_ptr() not in own:
            storages[storage.data_ptr()] = storage.nbytes()
        return tensor

    ids = torch.randint(3, shape.vocab_size, (rows, source))
    labels = torch.randint(3, shape.vocab_size, (rows, target))
    with (
        warnings.catch_warnings(action="ignore"),
        torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor),
        torch.autocast("cpu", torch.bfloat16, enabled=bf16),
    ):
        _ = model(input_ids=ids, labels=labels, use_cache=False).loss
    return sum(storages.values())
