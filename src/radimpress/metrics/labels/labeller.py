"""The rule-based CheXpert-style labeller: 14 observations, presence and side, from text alone.

It follows the plan of the CheXpert labeller (Irvin et al. 2019: mention, classification,
aggregation) with rules of its own; docs/clinical-metrics.md says where it decides otherwise and how
often it is right. It is neither that program nor the neural labeller trained on its output.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from radimpress.metrics.labels.clauses import clauses
from radimpress.metrics.labels.exceptions import with_exceptions
from radimpress.metrics.labels.observations import (
    PATHOLOGIES,
    WITHOUT_SIDE,
    Label,
    Labels,
    Observation,
    Presence,
)
from radimpress.metrics.labels.scanner import scan
from radimpress.metrics.labels.scopes import Mention, mentions
from radimpress.metrics.labels.sentences import sentences
from radimpress.metrics.labels.sides import NO_SIDE, Sides, sides
from radimpress.metrics.labels.states import with_states

_RANK = {Presence.NEGATIVE: 0, Presence.UNCERTAIN: 1, Presence.POSITIVE: 2}


class Claim(NamedTuple):
    """What one sentence says of one observation."""

    observation: Observation
    label: Label


@lru_cache(maxsize=65_536)
def label(text: str) -> Labels:
    """The labels of a text; an observation that it does not mention is absent.

    Of several mentions, positive outranks uncertain, which outranks negative; the sides are those
    of all mentions of the winning rank. No Finding is positive where the text has letters and none
    of the 12 pathologies is positive or uncertain, and is absent otherwise. The mapping is
    read-only and in the order of `Observation`.
    """
    said = gathered(claim for sentence in sentences(text) for claim in claims(sentence))
    diseased = any(said[each].asserted for each in PATHOLOGIES if each in said)
    if diseased or not any(map(str.isalpha, text)):
        return said
    return MappingProxyType({Observation.NO_FINDING: Label(Presence.POSITIVE), **said})


def is_normal(text: str) -> bool:
    """Whether a text states no pathology of CheXpert's, certain or possible.

    Support devices and diseases outside the 14 (emphysema, granuloma) leave a report normal.
    """
    labels = label(text)
    return not any(each in labels and labels[each].asserted for each in PATHOLOGIES)


def gathered(said: Iterable[Claim]) -> Labels:
    """The labels of claims, as `label` gives them, without No Finding."""
    best: dict[Observation, Label] = {}
    for observation, stated in said:
        best[observation] = _joined(best.get(observation), stated)
    return MappingProxyType({each: best[each] for each in Observation if each in best})


@lru_cache(maxsize=16_384)
def claims(sentence: str) -> tuple[Claim, ...]:
    """What a sentence says, in the order of its mentions. Sentences repeat: kept in a cache."""
    events = with_states(sentence, scan(sentence))
    if not any(event.term.observations for event in events):
        return ()
    found: list[Claim] = []
    carried, opening = NO_SIDE, False  # "in the left lung, there ...", "which may be pneumonia"
    read = [(clause, mentions(clause)) for clause in clauses(sentence, events)]
    for clause, named in with_exceptions(sentence, read):
        own = sides(clause, named)
        for mention, side in zip(named, own, strict=True):
            found += _said(mention, side or (carried if opening or _doubted(mention) else NO_SIDE))
        opening = not named
        stated = own if named else [event.term.sides for event in clause]
        carried = next((side for side in reversed(stated) if side), NO_SIDE if named else carried)
    return tuple(found)


def _said(mention: Mention, side: Sides) -> Iterator[Claim]:
    if mention.presence is None:
        return
    for observation in mention.term.observations:
        at = NO_SIDE if observation in WITHOUT_SIDE else side
        yield Claim(observation, Label(mention.presence, at, mention.limited))


def _doubted(mention: Mention) -> bool:
    return mention.presence is Presence.UNCERTAIN


def _joined(held: Label | None, stated: Label) -> Label:
    if held is None or _RANK[stated.presence] > _RANK[held.presence]:
        return stated
    if _RANK[stated.presence] < _RANK[held.presence]:
        return held
    return Label(held.presence, held.sides | stated.sides, held.limited and stated.limited)
