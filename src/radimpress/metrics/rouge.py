"""ROUGE-1, ROUGE-2, ROUGE-L and ROUGE-Lsum of many pairs, equal to the package rouge_score.

Lin, "ROUGE: A Package for Automatic Evaluation of Summaries", ACL workshop 2004, as implemented by
rouge_score 0.1.2. Texts are scored as they are: rougeLsum splits at line breaks only, so on
impressions of one line it equals rougeL.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from radimpress.metrics.rouge_engine import TYPES, Engine, best_engine, scorer

__all__ = ["TYPES", "Engine", "rouge"]


def rouge(
    references: Sequence[str],
    predictions: Sequence[str],
    stem: bool,
    engine: Engine | None = None,
) -> dict[str, NDArray[np.float64]]:
    """Score each prediction against its reference.

    Returns twelve columns of shape (pairs,): for each of TYPES `rouge1_precision`, `rouge1_recall`
    and `rouge1` (F1); with `stem` (Porter's stemmer) each name ends in `_stem`. A pair without a
    token on either side scores 0, as in rouge_score. `engine`: by default the fastest one here.
    Raises ValueError for unequal lengths.
    """
    places: dict[tuple[str, str], int] = {}  # impressions repeat: a pair is scored once
    rows = [
        places.setdefault(pair, len(places)) for pair in zip(references, predictions, strict=True)
    ]
    score = scorer(engine or best_engine(), stem)
    table = score([pair[0] for pair in places], [pair[1] for pair in places])[rows]
    suffix = "_stem" if stem else ""
    parts = ("_precision", "_recall", "")
    return {
        f"{kind}{part}{suffix}": table[:, i, j]
        for i, kind in enumerate(TYPES)
        for j, part in enumerate(parts)
    }
