"""The parts of a test set that are scored beside the whole."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

ALL, NORMAL, ABNORMAL = "all", "normal", "abnormal"
MAIN = (ALL, NORMAL, ABNORMAL)
Mask = NDArray[np.bool_]


def slices(
    findings_words: Sequence[float] | NDArray[np.float64],
    normal: Sequence[bool],
    sources: Sequence[str],
    observations: Sequence[Iterable[str]],
    length_bins: Sequence[int],
) -> dict[str, Mask]:
    """Which reports belong to which slice; every argument but the last has one entry a report.

    `observations` names what the reference of a report asserts (present or possible), so a report
    may be in several of those slices; a source of "" is none; `length_bins` are rising upper bounds
    of words of findings. Empty slices are left out. Order: all, normal, abnormal, lengths, sources,
    observations.
    """
    is_normal = np.array(normal, dtype=bool)
    found: dict[str, Mask] = {
        ALL: np.ones(len(is_normal), dtype=bool),
        NORMAL: is_normal,
        ABNORMAL: ~is_normal,
    }
    found |= _lengths(np.asarray(findings_words, dtype=float), length_bins)
    found |= _tagged("source", [[source] if source else [] for source in sources])
    found |= _tagged("observation", observations)
    return {name: mask for name, mask in found.items() if mask.any()}


def _lengths(counts: NDArray[np.float64], bins: Sequence[int]) -> dict[str, Mask]:
    if not bins:
        return {}
    found = {
        f"length_{low + 1}_to_{high}": (counts > low) & (counts <= high)
        for low, high in pairwise((0, *bins))
    }
    return found | {f"length_over_{bins[-1]}": counts > bins[-1]}


def _tagged(kind: str, tags: Sequence[Iterable[str]]) -> dict[str, Mask]:
    named = [{_name(tag) for tag in each} for each in tags]
    return {
        f"{kind}_{name}": np.array([name in each for each in named])
        for name in sorted(set().union(*named))
    }


def _name(tag: str) -> str:
    """A tag that DVC (no dots), MLflow (few signs) and a shell take as it is."""
    return re.sub(r"\W+", "_", tag.strip().lower(), flags=re.ASCII).strip("_") or "unnamed"
