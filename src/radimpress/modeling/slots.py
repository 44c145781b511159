"""Where the tokens of packed rows lie for attention, pair by pair.

A row of tokens is spread into slots, (pairs, heads, width, head size) for each block, attention is
computed there, and the results return to the row.
"""

from dataclasses import dataclass
from itertools import accumulate

import torch
from torch.nn import functional

from radimpress.modeling.packing import Packing


@dataclass(frozen=True, slots=True)
class Slots:
    """Where the tokens of one row lie in the slots of its blocks, head by head.

    `shapes` are (pairs, heads, width) of each block. `slot` gives for (token, head) its slot,
    `token` the other way round, in units of one token's head; empty slots name the first token.
    `real` counts the (token, head)s before the filling at the row's end. `empty` are (pairs, width)
    of each block, true in padding.
    """

    shapes: tuple[tuple[int, int, int], ...]
    slot: torch.Tensor
    token: torch.Tensor
    real: int
    empty: tuple[torch.Tensor, ...]

    @property
    def sizes(self) -> list[int]:
        """The number of slots in each block."""
        return [pairs * heads * width for pairs, heads, width in self.shapes]


@dataclass(frozen=True, slots=True)
class PackedSlots:
    """The slots of sources and targets, with which blocks pair up."""

    source: Slots
    target: Slots


def slots(
    lengths: tuple[int, ...],
    widths: tuple[tuple[int, int], ...],
    heads: int,
    row: int,
    device: torch.device,
) -> Slots:
    """The slots of a row of `row` tokens: pairs of `lengths`, blocks of (pairs, width)."""
    shapes = tuple((pairs, heads, width) for pairs, width in widths)
    begins, width_of = [], []  # of each pair: its first slot, and the slots of one head
    begin = 0
    for pairs, _, width in shapes:
        begins += [begin + pair * heads * width for pair in range(pairs)]
        width_of += [width] * pairs
        begin += pairs * heads * width
    starts = list(accumulate(lengths, initial=0))[:-1]
    table = torch.tensor([lengths, begins, width_of, starts], device=device)
    real = sum(lengths)
    first, step, start = table[1:].repeat_interleave(table[0], dim=1, output_size=real)
    place = torch.arange(real, device=device) - start
    slot = (first + place)[:, None] + step[:, None] * torch.arange(heads, device=device)
    token = torch.zeros(begin, dtype=torch.int64, device=device)
    token[slot.flatten()] = torch.arange(real * heads, device=device)
    return Slots(
        shapes,
        functional.pad(slot.flatten(), (0, (row - real) * heads)),
        token,
        real * heads,
        tuple(
            torch.arange(width, device=device) >= held[:, None]
            for (_, width), held in zip(
                widths, table[0].split([pairs for pairs, _ in widths]), strict=True
            )
        ),
    )


def packed_slots(
    packing: Packing, heads: int, source_row: int, target_row: int, device: torch.device
) -> PackedSlots:
    """The slots of both rows of a micro-batch."""
    blocks = packing.blocks
    return PackedSlots(
        slots(
            packing.sources, tuple((b.pairs, b.source) for b in blocks), heads, source_row, device
        ),
        slots(
            packing.targets, tuple((b.pairs, b.target) for b in blocks), heads, target_row, device
        ),
    )
