from collections import Counter
from collections.abc import Callable

import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import T5ForConditionalGeneration

from radimpress.modeling.batching import GlobalBatches, Pairs, collate
from radimpress.modeling.encoding import Example

lengths = st.lists(st.tuples(st.integers(2, 60), st.integers(1, 20)), min_size=1, max_size=80)


@given(
    lengths, st.integers(1, 40), st.integers(1, 20), st.booleans(), st.integers(0, 3), st.booleans()
)
def test_every_example_comes_exactly_once_an_epoch(
    sizes: list[tuple[int, int]], batch: int, micro: int, grouped: bool, epoch: int, packing: bool
) -> None:
    batches = GlobalBatches(sizes, batch, micro, 1, group_by_length=grouped, packing=packing)
    batches.set_epoch(epoch)
    seen = Counter(index for step in batches for part in step for index in part)
    assert seen == Counter(range(len(sizes)))


@given(
    lengths, st.integers(1, 40), st.integers(1, 20), st.integers(1, 5), st.integers(0, 3),
    st.booleans(),
)  # fmt: skip
def test_a_step_holds_the_same_examples_for_any_number_of_processes(
    sizes: list[tuple[int, int]], batch: int, micro: int, processes: int, epoch: int, packing: bool
) -> None:
    alone = GlobalBatches(sizes, batch, batch, seed=1)
    team = [
        GlobalBatches(sizes, batch, micro, 1, process=p, processes=processes, packing=packing)
        for p in range(processes)
    ]
    for member in team:
        member.set_epoch(epoch)
    shares = [list(member) for member in team]
    assert {len(share) for share in shares} == {alone.steps} == {len(team[0])}
    for step, whole in enumerate(alone.plan(epoch)):
        parts = [share[step] for share in shares]
        assert len({len(part) for part in parts}) == 1
        assert sorted(i for part in parts for micro in part for i in micro) == sorted(whole)


@given(lengths, st.integers(1, 20))
def test_an_unpacked_micro_batch_holds_so_many_examples_at_most(
    sizes: list[tuple[int, int]], micro: int
) -> None:
    for step in GlobalBatches(sizes, 40, micro, seed=1):
        assert all(len(part) == micro for part in step[:-1])
        assert 1 <= len(step[-1]) <= micro


def test_the_order_depends_on_seed_and_epoch_alone() -> None:
    def plan(seed: int, epoch: int) -> list[list[int]]:
        return GlobalBatches([(n, 5) for n in range(2, 102)], 8, 8, seed=seed).plan(epoch)

    assert plan(1, 0) == plan(1, 0)
    assert plan(1, 0) != plan(2, 0)
    assert plan(1, 0) != plan(1, 1)


def test_batches_of_similar_length_waste_less_padding() -> None:
    sizes = [(5 + (n * 37) % 200, 3 + (n * 11) % 50) for n in range(1600)]

    def waste(grouped: bool) -> float:
        plan = GlobalBatches(sizes, 32, 32, seed=1, group_by_length=grouped).plan(1)
        padded = sum(
            len(batch) * max(sizes[index][side] for index in batch)
            for batch in plan
            for side in (0, 1)
        )
        return padded / sum(map(sum, sizes))

    assert waste(False) > 1.8
    assert waste(True) < 1.25


def test_the_first_step_of_all_holds_the_longest_example() -> None:
    sizes = [(10, 5)] * 300
    sizes[211] = (10, 99)
    batches = GlobalBatches(sizes, 16, 16, seed=5)
    assert 211 in batches.plan(0)[0]
    assert len(batches.plan(0)[0]) == 16


def test_tokens_of_a_step_count_its_examples_without_padding() -> None:
    batches = GlobalBatches([(3, 1), (4, 1), (5, 1), (6, 1), (7, 1)], 2, 2, seed=0)
    for epoch in (0, 1):
        steps = [batches.tokens(epoch * batches.steps + step) for step in range(batches.steps)]
        assert (sum(s for s, _ in steps), sum(t for _, t in steps)) == (25, 5)


def test_collate_pads_and_moves_the_labels_right() -> None:
    batch = collate([Example([5, 6, 1], [7, 1]), Example([8, 1], [9, 9, 1])], pad_id=0, start_id=4)
    assert batch["input_ids"].tolist() == [[5, 6, 1], [8, 1, 0]]
    assert batch["attention_mask"].tolist() == [[1, 1, 1], [1, 1, 0]]
    assert batch["labels"].tolist() == [[7, 1, -100], [9, 9, 1]]
    assert batch["decoder_input_ids"].tolist() == [[4, 7, 0], [4, 9, 9]]


def test_collate_rounds_lengths_up_where_the_hardware_wants_it() -> None:
    batch = collate([Example([5] * 9, [7])], pad_id=0, start_id=0, multiple=8)
    assert batch["input_ids"].shape == (1, 16)
    assert batch["labels"].shape == (1, 8)


def test_an_empty_share_becomes_a_row_that_counts_for_nothing() -> None:
    batch = collate([], pad_id=0, start_id=4)
    assert batch["input_ids"].shape == (1, 1)
    assert batch["labels"].tolist() == [[-100]]
    assert batch["decoder_input_ids"].tolist() == [[4]]


def test_the_collated_batch_gives_t5_what_its_own_labels_give(
    make_t5: Callable[..., T5ForConditionalGeneration],
) -> None:
    model = make_t5()
    batch = collate([Example([5, 6, 1], [7, 1]), Example([8, 1], [9, 9, 1])], 0, 0)
    counted = batch["labels"] != -100
    ours = model(**{name: value for name, value in batch.items() if name != "labels"}).logits
    del batch["decoder_input_ids"]
    theirs = model(**batch).logits
    torch.testing.assert_close(ours[counted], theirs[counted], rtol=0, atol=1e-6)


def test_an_item_of_pairs_is_a_micro_batch() -> None:
    pairs = Pairs([Example([1], [1]), Example([2, 1], [1])])
    assert len(pairs) == 2
    assert [pair.input_ids for pair in pairs[[1, 0]]] == [[2, 1], [1]]
    assert pairs[[]] == []
