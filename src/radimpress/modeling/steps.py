"""How many optimizer steps a training takes, and in how many pieces each is computed."""

import math

from radimpress.config.schema import Compute, Training


def total_steps(examples: int, training: Training) -> int:
    """Optimizer steps of a whole training; the last batch of an epoch may be small."""
    if training.max_steps > 0:
        return training.max_steps
    return max(1, math.ceil(training.epochs * math.ceil(examples / training.batch_size)))


def micro_batches(training: Training, compute: Compute) -> tuple[int, int]:
    """Pairs that a process holds at once, and how many such micro-batches it takes a step."""
    share = math.ceil(training.batch_size / compute.processes)
    held = min(compute.micro_batch_size, share)
    return held, math.ceil(share / held)
