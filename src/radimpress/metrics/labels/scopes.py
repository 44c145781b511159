"""What cues make of the findings of a clause: present, excluded, possible, or past."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from radimpress.metrics.labels.clauses import SEPARATORS, after_separators
from radimpress.metrics.labels.observations import Observation, Presence
from radimpress.metrics.labels.scanner import Event
from radimpress.metrics.labels.terms import Role, Term

_CUES = frozenset({Role.NEGATES, Role.SUSPECTS, Role.PAST})
_POSSIBLE, _ABSENT = Presence.UNCERTAIN, Presence.NEGATIVE


@dataclass(slots=True)
class Mention:
    """A finding at `place` of its clause and what is said of it; `presence` None: not of now."""

    place: int
    term: Term
    presence: Presence | None
    limited: bool = False

    def doubt(self) -> None:
        """Possible, where nothing excludes it."""
        if self.presence is Presence.POSITIVE:
            self.presence = _POSSIBLE

    def exclude(self, limited: bool = False) -> None:
        """Not there; a state that is normal stays what it is."""
        if self.term.presence is not _ABSENT:
            self.presence, self.limited = _ABSENT, limited


@dataclass(slots=True)
class _Scope:
    """The cue in force while a clause is read from left to right."""

    cue: Term | None = None
    named: bool = False  # a finding stands in the scope already
    told: bool = False  # ... and a verb or "seen" completed the statement
    apart: bool = False  # ... and a separator without "or" came after it
    limits: list[Term] = field(default_factory=list)

    @property
    def role(self) -> Role | None:
        return self.cue.role if self.cue else None

    def open(self, cue: Term | None) -> None:
        self.cue, self.named, self.told, self.apart, self.limits = cue, False, False, False, []

    def limited(self, observations: Sequence[Observation]) -> bool:
        return any(
            not limit.observations or set(limit.observations) & set(observations)
            for limit in self.limits
        )


def mentions(clause: Sequence[Event]) -> list[Mention]:
    """Every finding of a clause under its cues.

    Read from left to right, a cue governs what follows until another cue, "with", "no change in" (a
    negation also until "due to"), or a separator that ends it (`_ends`). Then the cues that look
    back are applied, an exclusion over a doubt, and "versus" and "or" between stated findings.
    """
    found = _forward(clause)
    for place, event in enumerate(clause):
        if event.role in (Role.NEGATED, Role.SUSPECTED):
            for mention in _preceding(clause, place, found):
                _apply(event.term, mention)
        elif event.role in (Role.EITHER, Role.OR):
            _either(clause, place, found)
    return found


def _forward(clause: Sequence[Event]) -> list[Mention]:
    found: list[Mention] = []
    scope = _Scope()
    for place, event in enumerate(clause):
        role = event.role
        if role is Role.FINDING:
            mention = Mention(place, event.term, event.term.presence)
            if scope.cue:
                _apply(scope.cue, mention, scope.limited(event.term.observations))
            scope.named, scope.apart, scope.told = True, False, False
            scope.limits = [limit for limit in scope.limits if not limit.next_only]
            found.append(mention)
        elif role in _CUES:
            if not _swallowed(role, scope):
                scope.open(event.term)
        elif role is Role.NEGATED and not found:  # "resolved left effusion", "absent edema"
            scope.open(event.term)
        elif role in (Role.WITH, Role.PERSISTS) or (
            role is Role.CAUSE and scope.role is not Role.SUSPECTS
        ):
            scope.open(None)
        elif role is Role.LIMIT and scope.cue:
            scope.limits.append(event.term)
        elif role in (Role.VERB, Role.SEEN):
            scope.told = scope.named
        elif role in SEPARATORS and scope.cue:
            scope.apart = scope.named and role is not Role.OR
            if _ends(clause, place, scope):
                scope.open(None)
    return found


def _swallowed(role: Role, scope: _Scope) -> bool:
    """A doubt inside a negation stays a negation: "no opacity suspicious for pneumonia"."""
    return role is not Role.NEGATES and scope.role in (Role.NEGATES, Role.PAST) and not scope.apart


def _ends(clause: Sequence[Event], place: int, scope: _Scope) -> bool:
    """Whether the run of separators at `place` ends the scope.

    It goes on over "or". Otherwise it ends where the statement was complete ("no effusion is seen,
    left opacity"), where what follows is described as being there ("no effusion, small nodule") or,
    after a bare comma, has a place of its own ("no effusion, left nodule"). A doubt also ends
    before "and" with such a place, and at a comma that is not of a list with "or".
    """
    start = after_separators(clause, place)
    run = {event.role for event in clause[place:start]}
    if start == len(clause) or Role.OR in run:
        return False
    follower = clause[start]
    if scope.told or follower.role is Role.GRADE or _abnormal_organ(follower):
        return True
    placed = follower.role is Role.SIDE and scope.named  # "... and left effusion"
    if Role.AND in run or _has_or(clause[start:]):
        return placed and scope.role is Role.SUSPECTS
    return placed or scope.role is Role.SUSPECTS


def _abnormal_organ(event: Event) -> bool:
    return event.term.anatomy is not None and event.term.presence is not _ABSENT


def _has_or(rest: Sequence[Event]) -> bool:
    for event in rest:
        if event.role in (Role.OR, Role.EITHER):
            return True
        if event.role in _CUES or event.role is Role.WITH:
            return False
    return False


def _preceding(clause: Sequence[Event], place: int, found: Sequence[Mention]) -> list[Mention]:
    """The findings that a cue at `place` looks back on: the nearest, and those listed with it."""
    by_place: dict[int, list[Mention]] = {}
    for mention in found:
        by_place.setdefault(mention.place, []).append(mention)
    taken: list[Mention] = []
    listed = False
    for index in range(place - 1, -1, -1):
        event = clause[index]
        if index in by_place:
            taken += by_place[index]
        elif taken and event.role in (Role.AND, Role.OR, Role.EITHER):
            listed = True
        elif taken and (
            (event.role is Role.COMMA and not listed)
            or event.role in (Role.NEGATED, Role.SUSPECTED, Role.WITH)
        ):
            break
    return taken


def _apply(cue: Term, mention: Mention, limited: bool = False) -> None:
    if cue.devices_only and Observation.SUPPORT_DEVICES not in mention.term.observations:
        return
    if cue.role in (Role.NEGATES, Role.NEGATED):
        mention.exclude(limited)
    elif cue.role is Role.PAST:
        mention.presence = None
    else:
        mention.doubt()


def _either(clause: Sequence[Event], place: int, found: Sequence[Mention]) -> None:
    """Doubt both findings that "versus", "or" or a slash joins, unless a cue has spoken already."""
    before = [mention for mention in found if mention.place < place]
    after = [mention for mention in found if mention.place > place]
    joined = [*before[-1:], *after[:1]]
    if clause[place].role is Role.OR and len(joined) < 2:
        return
    stops = {Role.VERB} if clause[place].role is Role.EITHER else {Role.VERB, Role.COMMA}
    if before and any(event.role in stops for event in clause[before[-1].place : place]):
        return
    if len(joined) == 2 and joined[0].presence is _ABSENT:
        return
    for mention in joined:
        mention.doubt()
