"""Short pairs without padding: every token of a micro-batch in one row, attention pair by pair.

Reports are short and their lengths are skewed, so that most of a padded batch is padding. Here the
sources of all pairs stand behind each other in one row of tokens, the targets in another, and
everything that T5 does token by token (projections, feed-forward parts, norms, the head) sees real
tokens alone. Only attention needs the pairs apart. It works on blocks of pairs of similar length,
each padded to the longest of its block: `radimpress.modeling.packed_attention`.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from radimpress.modeling.encoding import Example

IGNORED = -100  # a label that counts for nothing, PyTorch's ignore_index
SHORTER = 0.75  # a pair that is shorter than this share of its block's longest begins a new block,
SMALLEST = 4  # but not before the block has so many pairs: each block costs calls

Size = tuple[int, int]  # tokens of source and target


@dataclass(frozen=True, slots=True)
class Block:
    """Pairs whose attention is computed together, and the tokens to which they are padded there."""

    pairs: int
    source: int
    target: int


@dataclass(frozen=True, slots=True)
class Packing:
    """Where the pairs of a micro-batch lie: their tokens in order, and the blocks they form.

    The pairs of `blocks`, in order, are those of `sources` and `targets`. Tokens behind the last
    pair fill the row up and count for nothing.
    """

    sources: tuple[int, ...]
    targets: tuple[int, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Rounding:
    """What lengths are rounded up to: `width` those of blocks, `row` those of whole rows.

    Tensor cores want widths that are multiples of 8; and where kernels are compiled for each new
    shape (oneDNN's bf16), rows of a few lengths spare most of the compiling.
    """

    width: int = 1
    row: int = 1


def rounding_for(device: torch.device, bf16: bool) -> Rounding:
    """What suits the kernels of a device and number format."""
    if device.type == "cuda":
        return Rounding(width=8, row=64)
    return Rounding(row=64) if bf16 else Rounding()


def size(example: Example) -> Size:
    """Tokens of source and target, without padding."""
    return len(example.input_ids), len(example.labels)


def blocks_of(sizes: Iterable[Size], width: int = 1) -> tuple[Block, ...]:
    """The blocks of pairs that come longest source first."""
    blocks: tuple[Block, ...] = ()
    for each in sizes:
        blocks = _with(blocks, each, width)
    return blocks


def micro_batches(
    indices: Sequence[int], sizes: Sequence[Size], budget: Size, width: int = 1
) -> list[list[int]]:
    """Cut pairs, longest source first, into as few parts as hold at most `budget` tokens each.

    Counted are tokens with the padding in their blocks, so that the scores of attention stay within
    what `budget` tokens in rows of the longest pair would need. A part holds one pair at least.
    """
    parts: list[list[int]] = []
    blocks: tuple[Block, ...] = ()
    for index in sorted(indices, key=lambda i: sizes[i][0], reverse=True):
        grown = _with(blocks, sizes[index], width)
        if parts and _fits(grown, budget):
            parts[-1].append(index)
            blocks = grown
        else:
            parts.append([index])
            blocks = _with((), sizes[index], width)
    return parts


def pack(
    examples: Sequence[Example], pad_id: int, start_id: int, rounding: Rounding
) -> dict[str, Any]:
    """One micro-batch in rows without padding.

    Returns int64 tensors `input_ids` of shape (1, source tokens), `decoder_input_ids` of shape
    (1, target tokens; the labels of each pair moved right by one, after `start_id`) and `labels`
    (target tokens), and the `Packing`. No examples give one pair without any label.
    """
    pairs = sorted(examples, key=lambda e: len(e.input_ids), reverse=True)
    pairs = pairs or [Example([pad_id], [IGNORED])]
    sizes = [size(pair) for pair in pairs]
    sources = [token for pair in pairs for token in pair.input_ids]
    labels = [token for pair in pairs for token in pair.labels]
    moved = [token for pair in pairs for token in (start_id, *pair.labels[:-1])]
    return {
        "input_ids": _row(sources, pad_id, rounding.row)[None],
        "decoder_input_ids": _row(moved, pad_id, rounding.row)[None],
        "labels": _row(labels, IGNORED, rounding.row),
        "packing": Packing(
            tuple(source for source, _ in sizes),
            tuple(target for _, target in sizes),
            blocks_of(sizes, rounding.width),
        ),
    }


def up(count: int, multiple: int) -> int:
    """`count` rounded up to a multiple."""
    return math.ceil(count / multiple) * multiple


def _row(tokens: list[int], filler: int, multiple: int) -> torch.Tensor:
    return torch.tensor(tokens + [filler] * (up(len(tokens), multiple) - len(tokens)))


def _with(blocks: tuple[Block, ...], added: Size, width: int) -> tuple[Block, ...]:
    """The blocks with one more pair, which is no longer than those before."""
    source, target = up(added[0], width), up(added[1], width)
    if blocks:
        last = blocks[-1]
        if last.pairs < SMALLEST or source >= SHORTER * last.source:
            grown = Block(last.pairs + 1, last.source, max(last.target, target))
            return (*blocks[:-1], grown)
    return (*blocks, Block(1, source, target))


def _fits(blocks: tuple[Block, ...], budget: Size) -> bool:
    return (
        sum(block.pairs * block.source for block in blocks) <= budget[0]
        and sum(block.pairs * block.target for block in blocks) <= budget[1]
    )
