"""Clauses of a sentence: the stretches that a cue cannot reach beyond."""

from collections.abc import Sequence
from itertools import takewhile

from radimpress.metrics.labels.scanner import Event
from radimpress.metrics.labels.terms import Role

SEPARATORS = frozenset({Role.COMMA, Role.AND, Role.OR})
_ENDS = frozenset({Role.BREAK, Role.BUT, Role.WHICH})
_PREDICATES = frozenset({Role.VERB, Role.NEGATED, Role.SUSPECTED})


def clauses(sentence: str, events: Sequence[Event]) -> list[list[Event]]:
    """Cut the events of a sentence into clauses.

    "but", "which", ";" and their like always cut. A comma or "and" cuts where a new subject with a
    verb of its own follows: always after a bare comma and before "there is", after "and" only where
    the clause already has its verb ("effusion and pneumothorax are not seen" is one clause).
    """
    found: list[list[Event]] = [[]]
    has_verb = False
    for place, event in enumerate(events):
        if _breaks(events, place) or (
            event.role in (Role.COMMA, Role.AND) and _new_subject(sentence, events, place, has_verb)
        ):
            found.append([])
            has_verb = False
        found[-1].append(event)
        has_verb = has_verb or event.role in _PREDICATES
    return [clause for clause in found if clause]


def after_separators(events: Sequence[Event], place: int) -> int:
    """The place after the run of separators that stands at `place` (", and" is one run)."""
    while place < len(events) and events[place].role in SEPARATORS:
        place += 1
    return place


def _breaks(events: Sequence[Event], place: int) -> bool:
    """Whether the clause ends here: "opacity which lies in the left lung" is one clause."""
    if events[place].role is not Role.WHICH:
        return events[place].role in _ENDS
    rest = takewhile(lambda event: event.role not in _ENDS, events[place + 1 :])
    return any(event.role is Role.FINDING for event in rest)


def _new_subject(sentence: str, events: Sequence[Event], place: int, has_verb: bool) -> bool:
    start = after_separators(events, place)
    run = {event.role for event in events[place:start]}
    if start == len(events) or Role.OR in run:
        return False
    if events[start].role is Role.VERB and sentence[events[start].start :].lower().startswith(
        "there"
    ):
        return True
    for event in events[start:]:
        if event.role in SEPARATORS or event.role in _ENDS:
            return False
        if event.role in _PREDICATES:
            named = sentence[events[start - 1].end : event.start].strip()
            return bool(named) and (has_verb or Role.AND not in run)
    return False
