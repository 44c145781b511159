"""What an output looks like from outside: how long, whether cut off, whether always the same."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def words(texts: Sequence[str]) -> NDArray[np.float64]:
    """Words of each text, split at white space; shape (texts,)."""
    return np.array([len(text.split()) for text in texts], dtype=np.float64)


def identical_output(predictions: Sequence[str]) -> NDArray[np.float64]:
    """1 where a report got the system's most frequent output, else 0; shape (predictions,).

    Outputs are compared without their outer white space; of equally frequent outputs the first in
    alphabetical order counts, so the mean is 1/n for a system that never repeats itself.
    """
    stripped = [text.strip() for text in predictions]
    counts = Counter(stripped)
    favourite = min(counts, key=lambda text: (-counts[text], text), default="")
    return np.array([text == favourite for text in stripped], dtype=np.float64)
