"""Cross-entropy over a vocabulary, summed; on a CPU in one pass that stays in its cache.

There the gradient is made along with the loss, a few targets at a time, and kept in the logits'
number format: PyTorch's own would write the logits anew in fp32 three times.
"""

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable
from torch.nn.functional import cross_entropy

from radimpress.modeling.packing import IGNORED

CACHED = 2**18  # logits at a time: 1 MiB of fp32


def summed_cross_entropy(logits: Tensor, labels: Tensor, label_smoothing: float = 0.0) -> Tensor:
    """Nats (fp32), summed over the targets; `logits` (..., vocabulary), `labels` of as many."""
    logits, labels = logits.flatten(0, -2), labels.flatten()
    if logits.is_cuda:
        return cross_entropy(
            logits.float(),
            labels,
            ignore_index=IGNORED,
            reduction="sum",
            label_smoothing=label_smoothing,
        )
    total: Tensor = _OnCpu.apply(logits, labels, label_smoothing)
    return total


class _OnCpu(Function):
    """Label smoothing (Szegedy et al. 2015, https://arxiv.org/abs/1512.00567) as PyTorch does it.

    That share of a target's weight is spread evenly over the vocabulary.
    """

    @staticmethod
    def forward(ctx: Any, logits: Tensor, labels: Tensor, smoothing: float) -> Tensor:
        total = torch.zeros(())
        found = torch.empty_like(logits) if ctx.needs_input_grad[0] else None
        vocabulary = logits.shape[1]
        step = max(1, CACHED // vocabulary)
        for part in (slice(begin, begin + step) for begin in range(0, len(labels), step)):
            counts = labels[part, None] != IGNORED
            wanted = labels[part, None] * counts
            logs = logits[part].float().log_softmax(-1)
            losses = logs.gather(1, wanted).mul_(smoothing - 1)
            if smoothing:
                losses -= smoothing * logs.mean(-1, keepdim=True)
            total += (losses * counts).sum()
            if found is not None:
                chances = logs.exp_().sub_(smoothing / vocabulary) if smoothing else logs.exp_()
                taken = torch.full(wanted.shape, smoothing - 1)
                found[part] = chances.scatter_add_(1, wanted, taken).mul_(counts)
        ctx.save_for_backward(found)
        return total

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None]:
        (found,) = ctx.saved_tensors
        return found.mul_(gradient), None, None  # in place: it is as large as the logits
