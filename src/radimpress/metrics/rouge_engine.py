"""Who counts: rouge_score itself, or the same numbers 50 times as fast.

rouge_score 0.1.2 is the reference: what it says is ROUGE here. rouge_score_rs is its translation to
Rust; tests hold it to the last bit of the reference on real and on random texts. It is taken where
it is installed and passes a check of this machine's build, else the reference is.
"""

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from functools import cache
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

TYPES = ("rouge1", "rouge2", "rougeL", "rougeLsum")
PARTS = 3  # precision, recall, F1
Table = NDArray[np.float64]
Scorer = Callable[[Sequence[str], Sequence[str]], Table]
"""From references and predictions to a table of shape (pairs, len(TYPES), PARTS)."""

_BATCH = 2048  # pairs of which the engine's own objects are held at a time
_SAMPLE = ("Small effusions\nare É seen.", "Effusion seen\nsmall heart")
_SAMPLE_F1 = (0.75, 0.0, 0.5, 0.75)  # with the stemmer, by hand: 3 of 4 words, no pair, 2 in order


class Engine(StrEnum):
    """How pairs are scored; both give the same numbers."""

    fast = "fast"  # rouge_score_rs
    reference = "reference"  # rouge_score


def scorer(engine: Engine, stem: bool) -> Scorer:
    """The engine, `stem` with Porter's stemmer. Raises ImportError where it is not installed."""
    if engine is Engine.fast:
        from rouge_score_rs.rouge_scorer import RougeScorer as FastScorer

        fast = FastScorer(list(TYPES), use_stemmer=stem)
        return lambda references, predictions: _table(
            found
            for start in range(0, len(references), _BATCH)
            for found in fast.score_batch(
                references[start : start + _BATCH], predictions[start : start + _BATCH]
            )
        )
    from rouge_score.rouge_scorer import RougeScorer

    reference = RougeScorer(list(TYPES), use_stemmer=stem)
    return lambda references, predictions: _table(
        reference.score(*pair) for pair in zip(references, predictions, strict=True)
    )


@cache
def best_engine() -> Engine:
    """`fast` where it is installed and counts a known pair right on this machine."""
    try:
        found = scorer(Engine.fast, stem=True)([_SAMPLE[0]], [_SAMPLE[1]])
    except ImportError:
        return Engine.reference
    right = found[0, :, PARTS - 1].tolist() == list(_SAMPLE_F1)
    return Engine.fast if right else Engine.reference


def _table(scores: Iterator[dict[str, Any]]) -> Table:
    numbers = chain.from_iterable(chain.from_iterable(s[kind] for kind in TYPES) for s in scores)
    return np.fromiter(numbers, np.float64).reshape(-1, len(TYPES), PARTS)
