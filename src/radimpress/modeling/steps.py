"""How many optimizer steps a training takes, and in how many pieces each is computed."""

import math

from radimpress.config.schema import Compute, Training


def total_steps(examples: int, training: Training) -> int:
    """Optimizer steps of a whole training; the last batch of an epoch may be small."""
    if training.max_steps > 0:
        return training.max_steps
    return max(1, math.ceil(training.epochs * math.ceil(examples / training.batch_size)))


def micro_batches(training: Training, compute: Compute, fill: float = 1.0) -> int:
    """How many micro-batches a process takes for its share of a step.

    `fill` is the mean length of a pair over that of the longest, 0 to 1: with packing, more short
    pairs make up a micro-batch. It is no matter without.
    """
    share = math.ceil(training.batch_size / compute.processes)
    together = compute.micro_batch_size / (fill if compute.packing else 1.0)
    return max(1, math.ceil(share / max(1.0, together)))
