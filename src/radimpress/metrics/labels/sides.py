"""The side of each finding of a clause: the nearest side word that belongs to it."""

from collections.abc import Sequence

from radimpress.metrics.labels.clauses import SEPARATORS
from radimpress.metrics.labels.observations import INHERITS_SIDE, WITHOUT_SIDE, Presence, Side
from radimpress.metrics.labels.scanner import Event
from radimpress.metrics.labels.scopes import Mention
from radimpress.metrics.labels.terms import Role

Sides = frozenset[Side]
NO_SIDE: Sides = frozenset()


def sides(clause: Sequence[Event], found: Sequence[Mention]) -> list[Sides]:
    """Sides of each mention of a clause, in the order of `found`.

    A side word belongs to the only finding there is, else to the finding on its side of the last
    separator between two findings ("opacity on the right and left effusion"). A finding of lung or
    pleura without one shares that of such a neighbour, the last before it or else the next ("left
    effusion and atelectasis"), but what is excluded shares nothing with what is stated ("left
    effusion, no pneumothorax").
    """
    places = sorted({mention.place for mention in found if _has_side(mention)})
    named: dict[int, Sides] = dict.fromkeys(places, NO_SIDE)
    for place, event in enumerate(clause):
        if event.role is Role.SIDE and places:
            owner = _owner(clause, place, places)
            named[owner] |= event.term.sides
    return [_shared(mention, found, named) for mention in found]


def _has_side(mention: Mention) -> bool:
    return bool(mention.term.observations) and not set(mention.term.observations) <= WITHOUT_SIDE


def _owner(clause: Sequence[Event], place: int, places: Sequence[int]) -> int:
    before = [other for other in places if other < place]
    after = [other for other in places if other > place]
    if not before or not after:
        return after[0] if after else before[-1]
    if clause[place].term.compares and clause[place - 1].role is Role.COMMA:
        return before[-1]  # "effusions, left greater than right, and ..."
    between = range(before[-1] + 1, after[0])
    cuts = [
        index
        for index in between
        if clause[index].role in SEPARATORS or clause[index].role in _PARTS
    ]
    if not cuts:
        return before[-1]
    cut = cuts[0] if cuts[0] == before[-1] + 1 else cuts[-1]
    return after[0] if place > cut else before[-1]


_PARTS = frozenset({Role.WITH, Role.CAUSE, Role.EITHER, Role.NEGATES, Role.SUSPECTS})


def _shared(mention: Mention, found: Sequence[Mention], named: dict[int, Sides]) -> Sides:
    if not _has_side(mention):
        return NO_SIDE
    own = named[mention.place]
    if own or not _inherits(mention):
        return own
    neighbours = [
        other.place
        for other in found
        if named.get(other.place)
        and _inherits(other)
        and (other.presence is Presence.NEGATIVE) is (mention.presence is Presence.NEGATIVE)
    ]
    if not neighbours:
        return NO_SIDE
    before = [place for place in neighbours if place < mention.place]
    return named[before[-1] if before else neighbours[0]]


def _inherits(mention: Mention) -> bool:
    return bool(set(mention.term.observations) & INHERITS_SIDE)
