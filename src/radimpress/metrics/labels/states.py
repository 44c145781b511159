"""States of organs as findings: "the heart is enlarged" says Cardiomegaly."""

from collections.abc import Sequence

from radimpress.metrics.labels.observations import Presence
from radimpress.metrics.labels.organs import EXCLUDED, STATED
from radimpress.metrics.labels.scanner import Event
from radimpress.metrics.labels.terms import Anatomy, Role, Term

_LISTED = frozenset(
    {Role.FINDING, Role.ANATOMY, Role.COMMA, Role.AND, Role.OR, Role.SIDE, Role.GRADE}
)

_NORMAL = Presence.NEGATIVE
_NOT = ("not", "no longer")
_WHOLLY = ("clear", "normal", "unremarkable")  # "not well inflated" is another matter


def with_states(sentence: str, events: Sequence[Event]) -> list[Event]:
    """Turn every organ with a state into a FINDING event at the place of the state.

    "The heart is enlarged" becomes Cardiomegaly at "enlarged"; "heart and mediastinum are normal"
    excludes both at "normal" (a FINDING whose term is NEGATIVE); "lungs are not clear" doubts
    them. Organs without a state vanish, so do states without an organ.
    """
    stated: dict[int, list[tuple[Anatomy, Event]]] = {}
    for place, event in enumerate(events):
        if event.term.anatomy is not None:
            state = _state_of(sentence, events, place)
            if state is not None:
                stated.setdefault(state, []).append((event.term.anatomy, events[state]))
    found: list[Event] = []
    for place, event in enumerate(events):
        if place in stated:
            taken_back = _is_taken_back(sentence, events, place)
            if taken_back:
                found.pop()  # the "not": what it says is in the finding now
            found += [_finding(anatomy, state, taken_back) for anatomy, state in stated[place]]
        elif event.role not in (Role.ANATOMY, Role.STATE):
            found.append(event)
    return found


def _is_taken_back(sentence: str, events: Sequence[Event], place: int) -> bool:
    """Whether the state at `place` is a normal one right after "not": "not entirely clear"."""
    state, before = events[place], events[place - 1] if place else None
    if before is None or before.role is not Role.NEGATES or state.term.presence is not _NORMAL:
        return False
    said = sentence[before.start : before.end].lower()
    named = sentence[state.start : state.end].lower()
    between = sentence[before.end : state.start].split()
    return said in _NOT and any(word in named for word in _WHOLLY) and len(between) <= 1


def _finding(anatomy: Anatomy, state: Event, taken_back: bool) -> Event:
    """What the state says of the organ; "not clear" says possibly abnormal, and not how."""
    presence = Presence.UNCERTAIN if taken_back else state.term.presence
    observations = (EXCLUDED if presence is Presence.NEGATIVE else STATED)[anatomy]
    term = Term(Role.FINDING, observations, presence=presence, anatomy=anatomy)
    return Event(state.start, state.end, term)


def _state_of(sentence: str, events: Sequence[Event], place: int) -> int | None:
    """The state of the organ at `place`: right before it, else after it, else before its list."""
    if place and _fits(events[place - 1], events[place]):
        between = sentence[events[place - 1].end : events[place].start]
        if len(between.split()) <= 1:
            return place - 1
    after = _state_after(events, place)
    return after if after is not None else _state_before(events, place)


def _state_after(events: Sequence[Event], place: int) -> int | None:
    told = False  # a verb or "but" stands between: the next organ is another subject
    for index in range(place + 1, len(events)):
        event = events[index]
        if _fits(event, events[place]):
            return index
        if event.role is Role.BREAK or (told and event.role is Role.ANATOMY):
            return None
        if event.term.observations:  # "lungs without consolidation, heart size normal"
            return None
        told = told or event.role in (Role.VERB, Role.BUT, Role.STATE)
    return None


def _state_before(events: Sequence[Event], place: int) -> int | None:
    for index in range(place - 1, -1, -1):
        event = events[index]
        if _fits(event, events[place]):
            return index
        if event.role not in _LISTED or event.term.observations:
            return None
    return None


def _fits(state: Event, organ: Event) -> bool:
    return organ.term.anatomy in state.term.anatomies
