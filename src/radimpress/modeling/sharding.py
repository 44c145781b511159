"""Fully sharded training (FSDP2): when it is used, how a T5 is cut, and why that way."""

import warnings
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from radimpress.config.schema import Compute, Strategy
from radimpress.modeling.distributed import processes

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module
    from transformers import PreTrainedModel


def uses_fsdp(compute: Compute) -> bool:
    """Whether weights are sharded: FSDP was chosen and there is somebody to share with."""
    return compute.strategy is Strategy.fsdp and processes() > 1


def fsdp_settings() -> dict[str, Any]:
    """Weights, gradients and optimizer state in full shards, one unit a T5 block.

    Each process writes its own shard of a checkpoint. Gradient checkpointing is left to the model:
    accelerate 1.15's own forgets the random state, so that dropout differs in the second pass, and
    breaks on the decoder's cache.
    """
    return {
        "version": 2,
        "auto_wrap_policy": "TRANSFORMER_BASED_WRAP",
        "transformer_layer_cls_to_wrap": ["T5Block"],
        "reshard_after_forward": True,
        "state_dict_type": "SHARDED_STATE_DICT",
        "cpu_ram_efficient_loading": False,
    }


def prepare(model: "PreTrainedModel", on_cpu: bool) -> None:
    """Make `model`, and accelerate where it runs `on_cpu`, fit for sharding. Before the Trainer."""
    _share_embedding(model)
    if on_cpu:
        _let_accelerate_shard_on_cpu()
    # T5 adds out of place only, as the warning asks.
    warnings.filterwarnings("ignore", message="FSDP2-wrapped module .* returned a view tensor")


def kept_shards(model: "Module") -> dict[str, "Tensor"]:
    """A copy of this process's share of the weights, in the machine's own memory."""
    return {name: _local(tensor).to("cpu", copy=True) for name, tensor in _tensors(model)}


def put_back(model: "Module", kept: Mapping[str, "Tensor"]) -> None:
    """Give this process's share of the weights the values that `kept_shards` copied."""
    for name, tensor in _tensors(model):
        _local(tensor.detach()).copy_(kept[name])


def _tensors(model: "Module") -> Iterator[tuple[str, "Tensor"]]:
    yield from model.named_parameters()
    yield from model.named_buffers()


def _local(tensor: "Tensor") -> "Tensor":
    """The shard of a distributed tensor; any other tensor is whole."""
    share: Tensor = tensor.to_local() if hasattr(tensor, "to_local") else tensor
    return share.detach()


def _let_accelerate_shard_on_cpu() -> None:
    """Get around accelerate 1.15, which drops the wish for FSDP where processes are named for CPUs.

    FSDP itself runs over gloo, so with another name everything works as on GPUs: a rehearsal.
    """
    from accelerate import DistributedType, PartialState

    PartialState().distributed_type = DistributedType.MULTI_GPU


def _share_embedding(model: "PreTrainedModel") -> None:
    """Let encoder and decoder hold the very module `shared`, not only its weight.

    accelerate puts the input embedding into a unit of its own; T5's stacks hold the same weight in
    modules of theirs, which the root unit would claim again, and torch 2.13 refuses that.
    """
    t5 = model.get_base_model() if hasattr(model, "get_base_model") else model
    t5.encoder.embed_tokens = t5.decoder.embed_tokens = t5.shared
