import torch

from radimpress.config.schema import Compute, Training
from radimpress.modeling.arguments import FitSettings
from radimpress.modeling.batching import GlobalBatches, Pairs, collate
from radimpress.modeling.encoding import Example
from radimpress.modeling.loaders import PairLoader, loaders
from radimpress.modeling.packing import Rounding, size

PAIRS = [Example([5, 6, 7, 1], [8, 1]), Example([9, 1], [6, 7, 5, 1]), Example([4, 1], [3, 1])]


def loader(batch: int = 2) -> PairLoader:
    batches = GlobalBatches([size(pair) for pair in PAIRS], batch, batch, seed=1)
    return PairLoader(Pairs(PAIRS), batches, lambda rows: collate(rows, 0, 0))


def test_a_loader_passes_the_epoch_on() -> None:
    one, other = loader(), loader()
    one.set_epoch(3)
    assert one.batches.epoch == 3
    here, there = (
        [b["input_ids"].tolist() for step in each for b in step] for each in (one, other)
    )
    assert len(here) == 2
    assert here != there
    other.set_epoch(3)
    assert here == [b["input_ids"].tolist() for step in other for b in step]


def test_iterating_leaves_the_random_numbers_to_dropout() -> None:
    before = torch.random.get_rng_state()
    assert len(list(loader())) == 2
    assert torch.equal(torch.random.get_rng_state(), before)


def made(packing: bool) -> tuple[PairLoader, PairLoader]:
    settings = FitSettings(3, Training(batch_size=2), Compute(packing=packing, micro_batch_size=1))
    return loaders(PAIRS, PAIRS[:2], settings, Rounding(), ids=(0, 4))


def test_packed_micro_batches_are_one_row_each() -> None:
    train, validation = made(packing=True)
    steps = list(train)
    assert sum(batch["labels"].numel() for step in steps for batch in step) == 8
    assert all(batch["input_ids"].shape[0] == 1 for step in steps for batch in step)
    assert all(batch["decoder_input_ids"][0, 0] == 4 for step in steps for batch in step)
    assert [len(step) for step in validation] == [2]


def test_unpacked_micro_batches_are_padded_rows() -> None:
    train, _ = made(packing=False)
    batches = [batch for step in train for batch in step]
    assert len(batches) == 3
    assert all(batch["attention_mask"].shape == batch["input_ids"].shape for batch in batches)
