import torch
from hypothesis import given
from hypothesis import strategies as st

from radimpress.modeling.encoding import Example
from radimpress.modeling.packing import (
    Block,
    Packing,
    Rounding,
    blocks_of,
    micro_batches,
    pack,
    rounding_for,
    size,
)

sizes_of_pairs = st.lists(st.tuples(st.integers(1, 60), st.integers(1, 20)), min_size=1)


def test_size_counts_source_and_target() -> None:
    assert size(Example([5, 6, 1], [7, 1])) == (3, 2)


def test_rows_hold_the_pairs_behind_each_other_longest_source_first() -> None:
    pairs = [Example([8, 1], [9, 9, 1]), Example([5, 6, 1], [7, 1])]
    batch = pack(pairs, pad_id=0, start_id=4, rounding=Rounding())
    assert batch["input_ids"].tolist() == [[5, 6, 1, 8, 1]]
    assert batch["decoder_input_ids"].tolist() == [[4, 7, 4, 9, 9]]
    assert batch["labels"].tolist() == [7, 1, 9, 9, 1]
    assert batch["packing"] == Packing((3, 2), (2, 3), (Block(2, 3, 3),))


def test_rows_and_blocks_are_rounded_up_where_the_hardware_wants_it() -> None:
    batch = pack([Example([5] * 9, [7])], pad_id=0, start_id=4, rounding=Rounding(8, 16))
    assert batch["input_ids"].shape == (1, 16)
    assert batch["decoder_input_ids"].tolist() == [[4] + [0] * 15]
    assert batch["labels"].tolist() == [7] + [-100] * 15
    assert batch["packing"].blocks == (Block(1, 16, 8),)


def test_no_pairs_give_one_that_counts_for_nothing() -> None:
    batch = pack([], pad_id=0, start_id=4, rounding=Rounding())
    assert batch["input_ids"].tolist() == [[0]]
    assert batch["decoder_input_ids"].tolist() == [[4]]
    assert batch["labels"].tolist() == [-100]


def test_much_shorter_pairs_begin_a_new_block() -> None:
    sizes = [(100, 9), (99, 5), (80, 5), (76, 20), (75, 2), (74, 3), (60, 4)]
    assert blocks_of(sizes) == (Block(5, 100, 20), Block(2, 74, 4))


def test_a_block_of_few_pairs_goes_on_growing() -> None:
    assert blocks_of([(100, 9), (10, 5), (9, 5), (8, 2), (8, 1)]) == (
        Block(4, 100, 9),
        Block(1, 8, 1),
    )


@given(sizes_of_pairs, st.integers(1, 10), st.sampled_from([1, 8]))
def test_a_micro_batch_needs_no_more_than_so_many_of_the_longest_pairs(
    sizes: list[tuple[int, int]], micro: int, width: int
) -> None:
    longest = [-(-max(each[side] for each in sizes) // width) * width for side in (0, 1)]
    source, target = longest
    parts = micro_batches(range(len(sizes)), sizes, (micro * source, micro * target), width)
    assert sorted(index for part in parts for index in part) == list(range(len(sizes)))
    for part in parts:
        blocks = blocks_of([sizes[index] for index in part], width)
        assert sum(b.pairs for b in blocks) == len(part)
        assert sum(b.pairs * b.source for b in blocks) <= micro * source
        assert sum(b.pairs * b.target for b in blocks) <= micro * target
        assert sum(b.pairs * b.source**2 for b in blocks) <= micro * source**2
        assert sum(b.pairs * b.source * b.target for b in blocks) <= micro * source * target


def test_short_pairs_fit_together_where_long_ones_would_not() -> None:
    sizes = [(100, 10)] + [(10, 2)] * 40
    parts = micro_batches(range(41), sizes, (200, 20))
    assert [len(part) for part in parts] == [2, 10, 10, 10, 9]


def test_rounding_suits_the_kernels() -> None:
    assert rounding_for(torch.device("cpu"), bf16=False) == Rounding(1, 1)
    assert rounding_for(torch.device("cpu"), bf16=True) == Rounding(1, 64)
    assert rounding_for(torch.device("cuda"), bf16=True) == Rounding(8, 64)
