"""Which pairs a process holds when, and as what tensors."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch
from torch.utils.data import DataLoader

from radimpress.modeling.arguments import FitSettings
from radimpress.modeling.batching import GlobalBatches, Pairs, collate
from radimpress.modeling.distributed import process, processes
from radimpress.modeling.encoding import Example
from radimpress.modeling.packing import Rounding, pack, size

Batch = dict[str, Any]  # what the model takes, and `labels`
Collate = Callable[[Sequence[Example]], Batch]


class PairLoader(DataLoader[list[Example]]):
    """A loader of `GlobalBatches` that tells them which epoch it is.

    It gives this process's micro-batches of one step at a time, each as `collate` makes it.
    """

    def __init__(self, pairs: Pairs, batches: GlobalBatches, collate: Collate) -> None:
        super().__init__(
            pairs,
            batch_sampler=batches,
            collate_fn=partial(_each, collate=collate),
            pin_memory=torch.cuda.is_available(),
            generator=torch.Generator().manual_seed(0),  # leaves the global one to dropout
        )
        self.batches = batches

    def set_epoch(self, epoch: int) -> None:
        """Called by the Trainer before each epoch."""
        self.batches.set_epoch(epoch)


def loaders(
    train: Sequence[Example],
    validation: Sequence[Example],
    settings: FitSettings,
    rounding: Rounding,
    ids: tuple[int, int],
) -> tuple[PairLoader, PairLoader]:
    """The training set's and the validation set's, which takes as much at once as fits training.

    `ids` are those of padding and of a target's start.
    """
    training, compute = settings.training, settings.compute
    batches = partial(
        GlobalBatches,
        micro_batch_size=compute.micro_batch_size,
        seed=settings.seed,
        process=process(),
        processes=processes(),
        packing=compute.packing,
        width=rounding.width,
    )
    pad_id, start_id = ids
    made: Collate = (
        partial(pack, pad_id=pad_id, start_id=start_id, rounding=rounding)
        if compute.packing
        else partial(collate, pad_id=pad_id, start_id=start_id, multiple=rounding.width)
    )
    of_train = batches(
        [size(example) for example in train],
        training.batch_size,
        group_by_length=training.group_by_length,
    )
    at_once = max(training.batch_size, compute.micro_batch_size * processes())
    of_validation = batches([size(example) for example in validation], at_once)
    return (
        PairLoader(Pairs(train), of_train, made),
        PairLoader(Pairs(validation), of_validation, made),
    )


def _each(step: Sequence[Sequence[Example]], collate: Collate) -> list[Batch]:
    return [collate(examples) for examples in step]
