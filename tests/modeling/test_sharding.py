import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from accelerate import DistributedType, PartialState
from accelerate.utils import FullyShardedDataParallelPlugin
from transformers import Seq2SeqTrainingArguments, T5ForConditionalGeneration

from radimpress.config.schema import Compute, Lora, Strategy
from radimpress.modeling import sharding
from radimpress.modeling.adapters import with_adapter


def test_fsdp_needs_somebody_to_share_with(monkeypatch: pytest.MonkeyPatch) -> None:
    sharded = Compute(strategy=Strategy.fsdp, processes=8)
    assert not sharding.uses_fsdp(sharded)
    monkeypatch.setenv("WORLD_SIZE", "8")
    assert sharding.uses_fsdp(sharded)
    assert not sharding.uses_fsdp(replace(sharded, strategy=Strategy.ddp))


def test_weights_are_fully_sharded_in_units_of_a_t5_block(tmp_path: Path) -> None:
    arguments = Seq2SeqTrainingArguments(
        output_dir=str(tmp_path), use_cpu=True, fsdp=True, fsdp_config=sharding.fsdp_settings()
    )
    plugin = FullyShardedDataParallelPlugin(**arguments.fsdp_plugin_args)
    assert plugin.fsdp_version == 2
    assert plugin.reshard_after_forward is True
    assert plugin.transformer_cls_names_to_wrap == ["T5Block"]
    assert plugin.activation_checkpointing is False
    assert plugin.state_dict_type.name == "SHARDED_STATE_DICT"


@pytest.mark.parametrize("adapted", [False, True])
def test_encoder_and_decoder_hold_one_embedding_module(
    make_t5: Callable[..., T5ForConditionalGeneration], adapted: bool
) -> None:
    t5 = make_t5()
    names = set(t5.state_dict())
    with warnings.catch_warnings():
        sharding.prepare(with_adapter(t5, Lora(), seed=1) if adapted else t5, on_cpu=False)
    assert t5.encoder.embed_tokens is t5.decoder.embed_tokens is t5.shared
    assert adapted or set(t5.state_dict()) == names


def test_accelerate_is_made_to_shard_on_a_cpu(
    make_t5: Callable[..., T5ForConditionalGeneration],
) -> None:
    before = PartialState(cpu=True).distributed_type
    try:
        with warnings.catch_warnings():
            sharding.prepare(make_t5(), on_cpu=True)
        assert PartialState().distributed_type is DistributedType.MULTI_GPU
    finally:
        PartialState().distributed_type = before


def test_kept_shards_are_a_copy_and_can_be_put_back(
    make_t5: Callable[..., T5ForConditionalGeneration],
) -> None:
    t5 = make_t5()
    before = {name: tensor.clone() for name, tensor in t5.state_dict().items()}
    kept = sharding.kept_shards(t5)
    with torch.no_grad():
        for parameter in t5.parameters():
            parameter.add_(1.0)
    sharding.put_back(t5, kept)
    assert all(torch.equal(tensor, before[name]) for name, tensor in t5.state_dict().items())
