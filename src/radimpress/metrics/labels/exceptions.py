"""Exceptions to an exclusion: "no effusion other than a trace on the left" states an effusion."""

import re
from collections.abc import Sequence
from itertools import pairwise

from radimpress.metrics.labels.observations import Presence
from radimpress.metrics.labels.scanner import Event
from radimpress.metrics.labels.scopes import Mention

_LITTLE = re.compile(  # says how much or where, and names nothing new
    r"(?:\W|\b(?:an?|the|very|small|trace|tiny|minimal|mild|moderate|stable|unchanged|known|chronic"
    r"|residual|left|right|bilateral|sided?|on|at|in|base|bases|basal|of|fluid|amounts?"
    r"|components?|ones?|possibly|previously|noted|seen)\b)*",
    re.IGNORECASE,
)


def with_exceptions(
    sentence: str, read: Sequence[tuple[Sequence[Event], list[Mention]]]
) -> list[tuple[Sequence[Event], list[Mention]]]:
    """Clauses with their mentions, those that an exception takes back moved into it and stated.

    The last finding excluded before "except for" and its like is meant where only an amount or a
    place follows; a state that is normal stays normal.
    """
    found = list(read)
    for (_, before), (clause, inside) in pairwise(found):
        if inside or not before or not clause[0].term.excepts:
            continue
        last = before[-1]
        excluded = last.presence is Presence.NEGATIVE
        if not excluded or last.term.presence is Presence.NEGATIVE:
            continue
        if _LITTLE.fullmatch(sentence, clause[0].end):
            inside.append(Mention(0, last.term, Presence.POSITIVE))
            before.pop()
    return found
