"""The rule-based CheXpert-style labeller: 14 observations, presence and side, from text alone.

It follows the plan of the CheXpert labeller (Irvin et al. 2019: mention, classification,
aggregation) with rules of its own; docs/clinical-metrics.md says where it decides otherwise and how
often it is right. It is neither that program nor the neural labeller trained on its output.
"""

from collections.abc import Iterable
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from radimpress.metrics.clauses import clauses
from radimpress.metrics.observations import (
    WITHOUT_SIDE,
    Label,
    Labels,
    Observation,
    Presence,
    Side,
)
from radimpress.metrics.scanner import scan
from radimpress.metrics.scopes import mentions
from radimpress.metrics.sentences import sentences
from radimpress.metrics.sides import sides
from radimpress.metrics.states import with_states
from radimpress.metrics.terms import Role

_RANK = {Presence.NEGATIVE: 0, Presence.UNCERTAIN: 1, Presence.POSITIVE: 2}


class Statement(NamedTuple):
    """What one sentence says of one observation, or of a finding outside the 14 (None)."""

    observation: Observation | None
    label: Label


@lru_cache(maxsize=65_536)
def label(text: str) -> Labels:
    """The labels of a text; an observation that it does not mention is absent.

    Of several mentions, positive outranks uncertain, which outranks negative; the sides are those
    of all mentions of the winning rank. No Finding is positive where the text has letters and
    neither one of the 12 pathologies nor another disease is positive or uncertain, and is absent
    otherwise. The mapping is read-only and in the order of `Observation`.
    """
    statements = [statement for each in sentences(text) for statement in _statements(each)]
    best: dict[Observation, Label] = {}
    for observation, stated in statements:
        if observation is not None:
            best[observation] = _joined(best.get(observation), stated)
    if any(map(str.isalpha, text)) and not any(_is_disease(each) for each in statements):
        best[Observation.NO_FINDING] = Label(Presence.POSITIVE)
    return MappingProxyType({o: best[o] for o in Observation if o in best})


def label_all(texts: Iterable[str]) -> list[Labels]:
    """The labels of each text."""
    return [label(text) for text in texts]


def _is_disease(statement: Statement) -> bool:
    return statement.label.asserted and statement.observation is not Observation.SUPPORT_DEVICES


@lru_cache(maxsize=65_536)
def _statements(sentence: str) -> tuple[Statement, ...]:
    """What a sentence says, in the order of its mentions. Sentences repeat: kept in a cache."""
    events = with_states(sentence, scan(sentence))
    if all(event.role is not Role.FINDING for event in events):
        return ()
    found: list[Statement] = []
    carried: frozenset[Side] = frozenset()  # for "which may represent pneumonia"
    for clause in clauses(sentence, events):
        named = mentions(clause)
        own = sides(clause, named)
        for mention, side in zip(named, own, strict=True):
            if mention.presence is None:
                continue
            inherited = side
            for observation in mention.term.observations:
                inherited = side
                if not side and mention.presence is Presence.UNCERTAIN:
                    inherited = carried
                at = frozenset() if observation in WITHOUT_SIDE else inherited
                found.append(Statement(observation, Label(mention.presence, at, mention.limited)))
            if mention.term.other:
                found.append(Statement(None, Label(mention.presence)))
        carried = next((side for side in reversed(own) if side), frozenset())
    return tuple(found)


def _joined(held: Label | None, stated: Label) -> Label:
    if held is None or _RANK[stated.presence] > _RANK[held.presence]:
        return stated
    if _RANK[stated.presence] < _RANK[held.presence]:
        return held
    return Label(held.presence, held.sides | stated.sides, held.limited and stated.limited)
