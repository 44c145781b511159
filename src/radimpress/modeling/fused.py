"""T5's norms and feed-forward parts in fewer kernels: the same numbers, less traffic to memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import MethodType
from typing import TYPE_CHECKING, Any

import torch
from torch.autograd import Function
from torch.autograd.function import once_differentiable
from torch.nn import GELU
from torch.nn.functional import rms_norm
from transformers.models.t5.modeling_t5 import T5DenseGatedActDense, T5LayerNorm

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module


@contextmanager
def fused(model: "Module") -> Iterator[None]:
    """Compute norms, GELUs and gated feed-forward parts of `model` so while the block lasts.

    The functions are the same up to rounding. transformers spells `gelu_new` (Hendrycks and Gimpel
    2016, https://arxiv.org/abs/1606.08415) and the root-mean-square norm out in single tensor
    operations, each of which writes its result to memory; and it turns what goes into `wo` to the
    format of its weights, fp32, which autocast turns back at once.
    """
    gelus = {
        module: module.act
        for module in model.modules()
        if type(getattr(module, "act", None)).__name__ == "NewGELUActivation"
    }
    forwards = {T5LayerNorm: _norm, T5DenseGatedActDense: _feed_forward}
    changed = [module for module in model.modules() if type(module) in forwards]
    for module in gelus:
        module.act = GELU(approximate="tanh")
    for module in changed:
        module.forward = MethodType(forwards[type(module)], module)
    try:
        yield
    finally:
        for module, act in gelus.items():
            module.act = act
        for module in changed:
            del module.forward


class _NormOnCpu(Function):
    """The root-mean-square norm, for which PyTorch has no kernel of its own on a CPU.

    Backward borrows that of the layer norm with a mean of 0 and the root mean square as deviation.
    It subtracts the mean of the weighted gradient too, which is put back.
    """

    @staticmethod
    def forward(ctx: Any, hidden: "Tensor", weight: "Tensor", epsilon: float) -> "Tensor":
        squares = torch.linalg.vector_norm(hidden, dim=-1, keepdim=True).square_()
        scale = squares.div_(hidden.shape[-1]).add_(epsilon).rsqrt_()
        ctx.save_for_backward(hidden, weight, scale)
        return (hidden * scale).mul_(weight)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: "Tensor") -> tuple["Tensor", "Tensor", None]:
        hidden, weight, scale = ctx.saved_tensors
        width = hidden.shape[-1]
        of_hidden, of_weight, _ = torch.ops.aten.native_layer_norm_backward(
            *(gradient, hidden, [width], torch.zeros_like(scale), scale),
            *(weight, None, [True, True, False]),
        )
        of_hidden.addcmul_((gradient @ weight)[..., None], scale, value=1 / width)
        return of_hidden, of_weight, None


def _norm(self: "T5LayerNorm", hidden_states: "Tensor") -> "Tensor":
    if hidden_states.is_cuda or hidden_states.dtype is not torch.float32:
        return rms_norm(hidden_states, self.weight.shape, self.weight, self.variance_epsilon)
    normed: Tensor = _NormOnCpu.apply(hidden_states, self.weight, self.variance_epsilon)
    # Once for all that read it; autocast would turn it for each of them.
    return normed.bfloat16() if torch.is_autocast_enabled("cpu") else normed


def _feed_forward(self: "T5DenseGatedActDense", hidden_states: "Tensor") -> "Tensor":
    gated = self.act(self.wi_0(hidden_states)) * self.wi_1(hidden_states)
    mixed: Tensor = self.wo(self.dropout(gated))
    return residual(mixed)


def residual(mixed: "Tensor") -> "Tensor":
    """What joins the stream of fp32, on a CPU as fp32: adding bf16 to it takes thrice as long."""
    return mixed if mixed.is_cuda else mixed.float()
