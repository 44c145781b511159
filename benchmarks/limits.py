"""What this processor can do at most: limits that training and generation are held against.

Measured in processor time over PyTorch's threads, so that a busy machine does not matter much.
"""

import math
import time
from collections.abc import Callable
from typing import Any

import torch

TRIES = 8


def matrix_peak(dtype: torch.dtype, side: int = 1536) -> float:
    """Operations a second of a large product of matrices in a number format."""
    a, b = (torch.randn(side, side, dtype=dtype) for _ in range(2))
    return 2 * side**3 / _best(lambda: torch.mm(a, b))


def bandwidth(mebibytes: int = 256) -> float:
    """Bytes a second that reading memory gives."""
    long = torch.ones(mebibytes * 2**18)
    return long.nbytes / _best(long.sum)


def _best(work: Callable[[], Any]) -> float:
    best = math.inf
    for _ in range(TRIES):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best / torch.get_num_threads()
