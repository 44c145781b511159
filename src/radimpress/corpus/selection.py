"""Which clean reports stay, and in which order: repeated ids, duplicates, the limit."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from radimpress.config.schema import Duplicates
from radimpress.corpus.cleaning import Drop


class Key(NamedTuple):
    """What is kept in memory of a clean report: its ids and the fingerprint of its texts."""

    study_id: str
    subject_id: str
    fingerprint: bytes


@dataclass(slots=True)
class Selection:
    """`order`: positions of the reports that stay, by study id.

    `repeated`: study ids that came again where duplicates are otherwise kept; ids must be unique.
    """

    order: list[int]
    dropped: Counter[str] = field(default_factory=Counter)
    repeated: list[str] = field(default_factory=list)


def select(keys: Sequence[Key], duplicates: Duplicates, limit: int | None) -> Selection:
    """Choose among reports given by `keys`, in the order in which they were read.

    Of repeated reports the first by study id stays. A limit keeps the studies of the smallest
    hashes: a choice that hardly changes when studies are added.
    """
    selection = Selection([])
    by_study = sorted(range(len(keys)), key=lambda i: (keys[i].study_id, i))
    studies: set[str] = set()
    pairs: set[tuple[str, bytes]] = set()
    for position in by_study:
        key = keys[position]
        pair = _pair(key, duplicates)
        if key.study_id in studies:
            if duplicates is Duplicates.none:
                selection.repeated.append(key.study_id)
            else:
                selection.dropped[Drop.DUPLICATE.value] += 1
        elif pair in pairs:
            selection.dropped[Drop.DUPLICATE.value] += 1
        else:
            studies.add(key.study_id)
            selection.order.append(position)
            if pair is not None:
                pairs.add(pair)
    if limit is not None and limit < len(selection.order):
        selection.dropped[Drop.OVER_LIMIT.value] += len(selection.order) - limit
        chosen = sorted(selection.order, key=lambda i: _draw(keys[i].study_id))[:limit]
        selection.order = sorted(chosen, key=lambda i: keys[i].study_id)
    return selection


def _pair(key: Key, duplicates: Duplicates) -> tuple[str, bytes] | None:
    """What may stand only once beside the study id; None where nothing else is unique."""
    if duplicates is Duplicates.text:
        return "", key.fingerprint
    if duplicates is Duplicates.study and key.subject_id:
        return key.subject_id, key.fingerprint
    return None


def _draw(study_id: str) -> bytes:
    return hashlib.blake2b(study_id.encode("utf-8"), digest_size=16).digest()
