"""Packed attention on a CPU as one operation, from rows of tokens to the values that they mix.

The projections that read the same row are one product, and one gathering brings them into slots.
Scores are fp32 whatever the projections are: oneDNN would compile kernels for the shape of each
block anew, which takes longer than such small products.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable
from torch.nn import Linear, Module

from radimpress.modeling.slots import Slots


def can_fuse(projections: Sequence[Module]) -> bool:
    """Whether these are plain linear layers, and learn: neither adapters nor what is under them."""
    return all(
        type(each) is Linear
        and all(name == "weight" and w.requires_grad for name, w in each.named_parameters())
        for each in projections
    )


def fused_attention(
    rows: tuple[Tensor, Tensor | None],
    weights: tuple[Tensor, Tensor, Tensor],
    slots: tuple[Slots, Slots],
    added: Sequence[Tensor],
) -> Tensor:
    """The values that the queries mix, fp32 (query tokens, heads x head size).

    `rows` are those that queries and keys read, (tokens, d_model); for self-attention the latter is
    None. `weights`, of queries, keys and values, are (heads x head size, d_model), `slots` those of
    both rows. `added` goes onto the scores of each block, (pairs, 1 or heads, 1 or queries, keys).
    """
    mixed: Tensor = _FusedAttention.apply(*slots, *rows, *weights, *added)
    return mixed


class _FusedAttention(Function):
    @staticmethod
    def forward(
        ctx: Any,
        queries: Slots,
        keys: Slots,
        row: Tensor,
        others: Tensor | None,
        q: Tensor,
        k: Tensor,
        v: Tensor,
        *added: Tensor,
    ) -> Tensor:
        number = torch.bfloat16 if torch.is_autocast_enabled("cpu") else torch.float32
        heads = queries.shapes[0][1]
        size = len(q) // heads
        with torch.autocast("cpu", enabled=False):
            if others is None:
                read = [(row.to(number), _wide((q, k, v), heads).to(number))]
                parts = _slotted(*read[0], queries, size)
            else:
                read = [
                    (row.to(number), q.to(number)),
                    (others.to(number), _wide((k, v), heads).to(number)),
                ]
                parts = [*_slotted(*read[0], queries, size), *_slotted(*read[1], keys, size)]
            mixed = torch.empty(len(queries.token), size)
            chances = []
            for block_q, block_k, block_v, block_mixed, onto in zip(
                *(_blocks(part, queries) for part in parts[:1]),
                *(_blocks(part, keys) for part in parts[1:]),
                _blocks(mixed, queries),
                added,
                strict=True,
            ):
                chances.append(_chances(block_q, block_k, onto))
                torch.bmm(chances[-1], block_v, out=block_mixed)
            result = mixed.index_select(0, queries.slot).view(len(row), -1)
        ctx.save_for_backward(*parts, *(each for side in read for each in side), *chances)
        ctx.slots, ctx.heads = (queries, keys), heads
        ctx.shapes = [onto.shape for onto in added]
        return result

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        q, k, v, *rest = ctx.saved_tensors
        queries, keys = ctx.slots
        chances = rest[-len(queries.shapes) :]
        read = rest[: -len(queries.shapes)]
        size = q.shape[1]
        back = torch.zeros(len(queries.token), size)
        real = gradient.reshape(-1, size)[: queries.real]
        back.index_copy_(0, queries.slot[: queries.real], real)
        # Of queries, keys and values in slots. One tensor where one gathering brings them back.
        count = len(queries.token)
        found = torch.empty(count + 2 * len(keys.token), size)
        of_q, of_k, of_v = found[:count], *found[count:].chunk(2)
        of_added: list[Tensor | None] = []
        for number, (block_back, block_q, block_k, block_v, to_q, to_k, to_v) in enumerate(
            zip(
                *(_blocks(each, queries) for each in (back, q)),
                *(_blocks(each, keys) for each in (k, v)),
                _blocks(of_q, queries),
                *(_blocks(each, keys) for each in (of_k, of_v)),
                strict=True,
            )
        ):
            chance = chances[number]
            with torch.autocast("cpu", enabled=False):
                torch.bmm(chance.transpose(1, 2), block_back, out=to_v)
                scores = torch.bmm(block_back, block_v.transpose(1, 2))
                scores = torch._softmax_backward_data(scores, chance, -1, torch.float32)
                torch.bmm(scores, block_k, out=to_q)
                torch.bmm(scores.transpose(1, 2), block_q, out=to_k)
            wanted = ctx.needs_input_grad[7 + number]
            of_added.append(scores.view(ctx.shapes[number]) if wanted else None)
        heads = ctx.heads
        if len(read) == 2:
            of_row, of_weights = _gradients(found, queries, read[0], read[1], heads)
            return None, None, of_row, None, *of_weights, *of_added
        of_row, of_weights = _gradients(of_q, queries, read[0], read[1], heads)
        of_keys, of_more = _gradients(found[count:], keys, read[2], read[3], heads)
        return None, None, of_row, of_keys, *of_weights, *of_more, *of_added


def _wide(weights: Sequence[Tensor], heads: int) -> Tensor:
    """Weights as one: of the first head those of all, then of the second."""
    return torch.cat([each.unflatten(0, (heads, -1)) for each in weights], dim=1).flatten(0, 1)


def _slotted(row: Tensor, wide: Tensor, into: Slots, size: int) -> list[Tensor]:
    """What a row's products with `wide` weights are in slots, fp32 (slots, head size) of each."""
    heads = into.shapes[0][1]
    products = (row @ wide.t()).float().view(len(row) * heads, -1)
    return list(products.index_select(0, into.token).split(size, dim=1))


def _blocks(slotted: Tensor, into: Slots) -> Iterator[Tensor]:
    """(pairs x heads, width, head size) of each block."""
    for part, (pairs, heads, width) in zip(slotted.split(into.sizes), into.shapes, strict=True):
        yield part.unflatten(0, (pairs * heads, width))


def _chances(q: Tensor, k: Tensor, added: Tensor) -> Tensor:
    """The softmax of scores, (pairs x heads, queries, keys); T5 does not scale them."""
    if added.shape[:2].numel() == len(q):
        return torch.baddbmm(added.flatten(0, 1), q, k.transpose(1, 2)).softmax(-1)
    scores = torch.bmm(q, k.transpose(1, 2))
    scores.unflatten(0, (len(added), -1)).add_(added)
    return scores.softmax(-1)


def _gradients(
    found: Tensor, into: Slots, row: Tensor, wide: Tensor, heads: int
) -> tuple[Tensor, list[Tensor]]:
    """The gradients of a row and of the weights in `wide`, of `found` for each of them in slots."""
    count = len(into.token)
    parts = len(found) // count
    starts = torch.arange(0, len(found), count)
    back = found.index_select(0, (into.slot[:, None] + starts).flatten())
    back[into.real * parts :] = 0  # nothing flows back from the filling
    back = back.view(len(row), -1).to(row.dtype)
    of_wide = (back.t() @ row).float().unflatten(0, (heads, parts, -1))
    return back @ wide, [each.flatten(0, 1) for each in of_wide.unbind(1)]
