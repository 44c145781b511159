"""T5's attention over packed rows: each pair sees its own tokens and no others.

A row of tokens is spread into slots, (pairs, heads, width, head size) for each block, attention is
computed there, and the results return to the row: on a CPU in one operation where nothing but plain
layers takes part (`fused_attention`), else step by step. Positions count from the start of a pair,
so that T5's relative position buckets are those of the pair alone.
"""

from typing import TYPE_CHECKING, Any

import torch
from torch.autograd import Function
from torch.nn import functional

from radimpress.modeling.fused import residual
from radimpress.modeling.fused_attention import can_fuse, fused_attention
from radimpress.modeling.slots import PackedSlots, Slots

if TYPE_CHECKING:
    from transformers.models.t5.modeling_t5 import T5Attention

HIDDEN = -1e9  # added to a score that must not count; no infinity, whose softmax may be NaN


class _Spread(Function):
    """A row to its slots. Nothing flows back from empty slots: the way back is a gathering too."""

    @staticmethod
    def forward(ctx: Any, row: torch.Tensor, into: Slots) -> torch.Tensor:
        ctx.into = into
        return row.index_select(0, into.token)

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor, None]:
        found = gradient.index_select(0, ctx.into.slot)
        found[ctx.into.real :] = 0
        return found, None


class _Collect(Function):
    """Slots back to their row. Nothing flows back from the filling at its end."""

    @staticmethod
    def forward(ctx: Any, spread: torch.Tensor, into: Slots) -> torch.Tensor:
        ctx.into = into
        return spread.index_select(0, into.slot)

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor, None]:
        into = ctx.into
        found = gradient.new_zeros(len(into.token), gradient.shape[-1])
        found.index_copy_(0, into.slot[: into.real], gradient[: into.real])
        return found, None


def spread(row: torch.Tensor, into: Slots) -> torch.Tensor:
    """The slots of `row`, which is of shape (tokens x heads, head size); padding holds anything."""
    slotted: torch.Tensor = _Spread.apply(row, into)
    return slotted


def collect(slotted: torch.Tensor, into: Slots) -> torch.Tensor:
    """The row whose slots these are; the filling at its end holds anything."""
    row: torch.Tensor = _Collect.apply(slotted, into)
    return row


def attend(
    self: "T5Attention",
    hidden_states: torch.Tensor,
    mask: torch.Tensor | None = None,
    key_value_states: torch.Tensor | None = None,
    position_bias: list[torch.Tensor] | None = None,
    past_key_values: None = None,
    *,
    slots: PackedSlots,
    **_: Any,
) -> tuple[torch.Tensor, list[torch.Tensor], None]:
    """`T5Attention.forward` for packed rows of shape (1, tokens, d_model).

    The first layer of a stack makes what is added to the scores, block by block, and hands it on in
    the place of `position_bias`. The other masks and the cache of transformers are not used.
    """
    del mask, past_key_values
    others = hidden_states if key_value_states is None else key_value_states
    queries = slots.target if self.is_decoder else slots.source
    keys = queries if key_value_states is None else slots.source
    head = self.key_value_proj_dim
    dropout = self.dropout if self.training else 0.0
    if not hidden_states.is_cuda and not dropout and can_fuse((self.q, self.k, self.v)):
        if position_bias is None:
            position_bias = _added_to_scores(self, queries, keys, torch.float32)
        row = fused_attention(
            (hidden_states[0], None if key_value_states is None else key_value_states[0]),
            (self.q.weight, self.k.weight, self.v.weight),
            (queries, keys),
            position_bias,
        )
        return residual(self.o(row[None])), position_bias, None

    def by_block(projected: torch.Tensor, into: Slots) -> list[torch.Tensor]:
        """(pairs, heads, width, head size) of each block."""
        # On a CPU in fp32, also where the rest is bf16: oneDNN would compile kernels for the shape
        # of each block anew, which takes longer than such small products.
        row = projected if projected.is_cuda else projected.float()
        parts = spread(row.view(-1, head), into).split(into.sizes)
        return [part.view(*shape, head) for part, shape in zip(parts, into.shapes, strict=True)]

    q = by_block(self.q(hidden_states), queries)
    k, v = by_block(self.k(others), keys), by_block(self.v(others), keys)
    if position_bias is None:
        position_bias = _added_to_scores(self, queries, keys, q[0].dtype)
    mixed = [_mixed(*block, dropout) for block in zip(q, k, v, position_bias, strict=True)]
    together = torch.cat([block.reshape(-1, head) for block in mixed])
    row = collect(together, queries).view(1, -1, self.inner_dim)
    return residual(self.o(row)), position_bias, None


def _added_to_scores(
    attention: "T5Attention", queries: Slots, keys: Slots, dtype: torch.dtype
) -> list[torch.Tensor]:
    """Relative position bias and mask of each block, (pairs, 1 or heads, queries, keys)."""
    causal = attention.is_decoder and queries is keys
    longest = max(width for _, _, width in queries.shapes)
    bias = None
    if attention.has_relative_attention_bias:
        bias = attention.compute_bias(longest, longest, device=queries.slot.device)
    added = []
    for (_, _, height), (_, _, width), empty in zip(
        queries.shapes, keys.shapes, keys.empty, strict=True
    ):
        hidden = empty[:, None, None, :]
        if causal:
            later = torch.ones(height, width, dtype=torch.bool, device=empty.device).triu(1)
            hidden = hidden | later
        mask = torch.zeros(hidden.shape, device=empty.device).masked_fill_(hidden, HIDDEN)
        added.append((mask if bias is None else bias[:, :, :height, :width] + mask).to(dtype))
    return added


def _mixed(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, added: torch.Tensor, dropout: float
) -> torch.Tensor:
    """The values of a block, mixed by the softmax of its scores; T5 does not scale them."""
    if q.is_cuda:
        return functional.scaled_dot_product_attention(
            q, k, v, attn_mask=added, dropout_p=dropout, scale=1.0
        )
    # PyTorch's own kernel for CPUs knows no gradient of the bias.
    heads = q.shape[:2]
    added = added.expand(*heads, -1, -1).flatten(0, 1)
    with torch.autocast("cpu", enabled=False):
        scores = torch.baddbmm(added, q.flatten(0, 1), k.flatten(0, 1).transpose(1, 2))
        weights = functional.dropout(scores.softmax(-1), dropout)
        return torch.bmm(weights, v.flatten(0, 1)).unflatten(0, heads)
