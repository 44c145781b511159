import pytest
import torch

from radimpress.modeling.packing import Block, Packing
from radimpress.modeling.slots import Slots, packed_slots, slots

CPU = torch.device("cpu")


@pytest.fixture
def two_blocks() -> Slots:
    """Pairs of 3, 2 and 1 tokens, two heads, in blocks of widths 3 and 2; two tokens of filling."""
    return slots((3, 2, 1), ((2, 3), (1, 2)), heads=2, row=8, device=CPU)


def test_slots_follow_blocks_pairs_heads_and_places(two_blocks: Slots) -> None:
    assert two_blocks.shapes == ((2, 2, 3), (1, 2, 2))
    assert two_blocks.sizes == [12, 4]
    assert two_blocks.slot.view(8, 2).tolist() == [
        *([0, 3], [1, 4], [2, 5]),  # the first pair: its first head, then its second
        *([6, 9], [7, 10]),
        [12, 14],
        *([0, 0], [0, 0]),
    ]
    assert [empty.tolist() for empty in two_blocks.empty] == [
        [[False, False, False], [False, False, True]],
        [[False, True]],
    ]


def test_both_rows_of_a_micro_batch_have_the_same_blocks() -> None:
    packing = Packing((9, 8, 2), (1, 4, 3), (Block(2, 9, 4), Block(1, 2, 3)))
    both = packed_slots(packing, heads=3, source_row=19, target_row=8, device=CPU)
    assert both.source.shapes == ((2, 3, 9), (1, 3, 2))
    assert both.target.shapes == ((2, 3, 4), (1, 3, 3))
    assert (both.source.real, both.target.real) == (57, 24)
