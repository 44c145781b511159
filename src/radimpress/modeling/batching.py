"""Which pairs make up each optimizer step, and how they become tensors.

A step's batch is chosen for all processes together: which examples it holds depends on the seed and
the epoch alone, never on how many processes or micro-batches share it. So one process and eight
take the same steps.
"""

import math
import random
from collections.abc import Callable, Iterator, Sequence

import torch
from torch.utils.data import Dataset, Sampler

from radimpress.modeling.encoding import Example
from radimpress.modeling.packing import IGNORED, Size, micro_batches, up

POOL_BATCHES = 50  # batches whose examples are sorted by source length together, at most
WINDOW_BATCHES = 4  # neighbours among them whose examples are sorted by target length


class Pairs(Dataset[list[Example]]):
    """Examples as a map-style dataset, of which a micro-batch is one item."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self.examples = examples

    def __len__(self) -> int:
        return len(self.examples)

    def __getitem__(self, indices: Sequence[int]) -> list[Example]:
        return [self.examples[index] for index in indices]


class GlobalBatches(Sampler[list[list[int]]]):
    """The steps of one process for one epoch, each as micro-batches of indices into the examples.

    Every example comes exactly once an epoch. A step's batch holds `batch_size` examples over all
    processes (the last of an epoch may hold fewer). Each process takes a share, cut into
    micro-batches of at most `micro_batch_size` examples; with `packing`, of as many as need no more
    tokens, and no more scores of attention, than `micro_batch_size` of the longest would. All
    processes take the same number of micro-batches: some may be empty, which `collate` and `pack`
    make count for nothing.

    With `group_by_length` batches hold examples of similar source and target length (less padding);
    their order stays random, but the first epoch starts with the longest, so that a lack of memory
    shows at once.
    """

    def __init__(
        self,
        sizes: Sequence[Size],
        batch_size: int,
        micro_batch_size: int,
        seed: int,
        group_by_length: bool = True,
        process: int = 0,
        processes: int = 1,
        packing: bool = False,
        width: int = 1,
    ) -> None:
        self.sizes, self.batch_size, self.seed = sizes, batch_size, seed
        self.group_by_length, self.process, self.processes = group_by_length, process, processes
        self.micro_batch_size, self.width = micro_batch_size, width
        longest = [up(max((each[side] for each in sizes), default=0), width) for side in (0, 1)]
        self.budget = (micro_batch_size * longest[0], micro_batch_size * longest[1])
        self.packing = packing
        self.steps = math.ceil(len(sizes) / batch_size)
        self.epoch = 0
        self._plan: tuple[int, list[list[int]]] = (-1, [])

    def set_epoch(self, epoch: int) -> None:
        """Choose the epoch that iteration gives; the Trainer calls this."""
        self.epoch = epoch

    def __len__(self) -> int:
        return self.steps

    def __iter__(self) -> Iterator[list[list[int]]]:
        for batch in self.plan(self.epoch):
            shares = [self._parts(batch[p :: self.processes]) for p in range(self.processes)]
            mine, most = shares[self.process], max(map(len, shares))
            yield mine + [[]] * (most - len(mine))

    def _parts(self, share: list[int]) -> list[list[int]]:
        if self.packing:
            return micro_batches(share, self.sizes, self.budget, self.width)
        return _cut(share, self.micro_batch_size)

    def plan(self, epoch: int) -> list[list[int]]:
        """The batches of an epoch over all processes, in order; the same on every machine."""
        if self._plan[0] != epoch:
            self._plan = epoch, self._make_plan(epoch)
        return self._plan[1]

    def tokens(self, step: int) -> Size:
        """Source and target tokens of the whole batch of step `step` (from 0), without padding."""
        epoch, index = divmod(step, self.steps)
        sizes = [self.sizes[i] for i in self.plan(epoch)[index]]
        return sum(source for source, _ in sizes), sum(target for _, target in sizes)

    def _make_plan(self, epoch: int) -> list[list[int]]:
        dice = random.Random(self.seed * 1_000_003 + epoch)
        order = list(range(len(self.sizes)))
        dice.shuffle(order)
        rest = len(order) % self.batch_size
        last, order = order[:rest], order[rest:]
        if self.group_by_length:
            order = self._grouped(order)
        batches = _cut(order, self.batch_size) + ([last] if last else [])
        if self.group_by_length:
            dice.shuffle(batches)
            batches = [self._longest_first(batch, self._source) for batch in batches]
        if self.group_by_length and epoch == 0:
            costs = [max(sum(self.sizes[i]) for i in batch) for batch in batches]
            batches.insert(0, batches.pop(costs.index(max(costs))))
        return batches

    def _grouped(self, order: list[int]) -> list[int]:
        """Pools of the random order sorted by source, windows in them sorted by target."""
        pool = max(1, min(POOL_BATCHES, self.steps // 2)) * self.batch_size
        return [
            index
            for part in _cut(order, pool)
            for window in _cut(
                self._longest_first(part, self._source), WINDOW_BATCHES * self.batch_size
            )
            for index in self._longest_first(window, self._target)
        ]

    def _source(self, index: int) -> int:
        return self.sizes[index][0]

    def _target(self, index: int) -> int:
        return self.sizes[index][1]

    @staticmethod
    def _longest_first(indices: list[int], tokens: Callable[[int], int]) -> list[int]:
        return sorted(indices, key=tokens, reverse=True)


def _cut(indices: list[int], length: int) -> list[list[int]]:
    return [indices[start : start + length] for start in range(0, len(indices), length)]


def collate(
    examples: Sequence[Example], pad_id: int, start_id: int, multiple: int = 1
) -> dict[str, torch.Tensor]:
    """Pad examples to the longest, rounded up to `multiple` tokens.

    Returns int64 tensors: `input_ids` and `attention_mask` of shape (rows, source tokens),
    `decoder_input_ids` (the labels moved right by one, after `start_id`) and `labels` (padded with
    -100) of shape (rows, target tokens). No examples give one row without any label.
    """
    rows = examples or [Example([pad_id], [])]
    width = up(max(len(row.input_ids) for row in rows), multiple)
    depth = up(max(1, *(len(row.labels) for row in rows)), multiple)
    input_ids = torch.full((len(rows), width), pad_id)
    attention_mask = torch.zeros_like(input_ids)
    labels = torch.full((len(rows), depth), IGNORED)
    decoder_input_ids = torch.full((len(rows), depth), pad_id)
    decoder_input_ids[:, 0] = start_id
    for index, row in enumerate(rows):
        source, target = torch.tensor(row.input_ids), torch.tensor(row.labels, dtype=torch.int64)
        input_ids[index, : len(source)] = source
        attention_mask[index, : len(source)] = 1
        labels[index, : len(target)] = target
        decoder_input_ids[index, 1 : len(target)] = target[:-1]
    return {
        "input_ids": input_ids,
        "attention_mask": attention_mask,
        "decoder_input_ids": decoder_input_ids,
        "labels": labels,
    }
