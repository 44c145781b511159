"""Random streams and identifiers that do not move when more reports are asked for."""

import hashlib
import random
from collections.abc import Mapping
from typing import TypeVar

Item = TypeVar("Item")

MOST_STUDIES = 8
"""Studies a subject can have; study numbers are spaced by it."""

_PRIME = 8_999_993  # below 9,000,000: eight digits whatever is added to 10,000,000
_STEP = 3_141_593


def stream(*names: object) -> random.Random:
    """A generator of its own for whatever `names` name; the same names give the same numbers."""
    digest = hashlib.sha256("/".join(map(str, names)).encode()).digest()
    return random.Random(int.from_bytes(digest[:16], "big"))


def chosen(rng: random.Random, weights: Mapping[Item, float]) -> Item:
    """One key, drawn by weight, in the order of the mapping."""
    return rng.choices(list(weights), list(weights.values()))[0]


def subject_number(institution: str, seed: int, subject: int) -> int:
    """MIMIC-like subject number (10,000,000 to 18,999,992), different for every `subject`."""
    return 10_000_000 + _scattered(institution, seed, subject)


def study_number(institution: str, seed: int, subject: int, study: int) -> int:
    """MIMIC-like study number (50,000,000 to 58,999,992), different for every pair of indices."""
    return 50_000_000 + _scattered(institution, seed, subject * MOST_STUDIES + study)


def _scattered(institution: str, seed: int, index: int) -> int:
    """A bijection on 0 .. _PRIME-1: multiply and add modulo a prime."""
    offset = int.from_bytes(hashlib.sha256(f"{institution}/{seed}".encode()).digest()[:8], "big")
    return (index * _STEP + offset) % _PRIME
