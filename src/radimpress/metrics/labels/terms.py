"""What a phrase of a report does in its sentence: the vocabulary of the scope rules."""

from dataclasses import dataclass
from enum import Enum, auto

from radimpress.metrics.labels.observations import Observation, Presence, Side


class Role(Enum):
    """The part a phrase plays."""

    FINDING = auto()  # names an observation, or something that is none of the 14
    ANATOMY = auto()  # heart, mediastinum, lungs, ...: says something only with a STATE
    STATE = auto()  # normal, clear, enlarged, borderline, ...
    NEGATES = auto()  # excludes what follows: "no", "without"
    NEGATED = auto()  # excludes what precedes: "is not seen", "has resolved"
    SUSPECTS = auto()  # doubts what follows: "may represent"
    SUSPECTED = auto()  # doubts what precedes: "cannot be excluded"
    PERSISTS = auto()  # only seems to negate: "no change in", "nearly resolved"; ends a scope
    PAST = auto()  # what follows is no finding of this study: "history of"
    EITHER = auto()  # doubts what stands on both sides: "versus"
    OR = auto()
    AND = auto()
    COMMA = auto()
    WITH = auto()  # ends a negation and a doubt
    CAUSE = auto()  # ends a negation: "due to"
    BREAK = auto()  # ends the clause
    BUT = auto()  # ends the clause, yet a state may still reach its subject ("but clear")
    WHICH = auto()  # ends the clause where a finding follows, else says more of the one before
    VERB = auto()  # a finite verb: a second one after a comma or "and" makes a new clause
    SEEN = auto()  # completes a statement: "identified"
    GRADE = auto()  # said of what is there: "small", "stable"
    LIMIT = auto()  # narrows a negation: "acute", "new", "large"
    SIDE = auto()
    INERT = auto()  # swallows a phrase that would mislead: "not only", "right atrium"


class Anatomy(Enum):
    """What can be called normal or abnormal as a whole."""

    HEART = auto()
    MEDIASTINUM = auto()
    BOTH = auto()  # the cardiomediastinal silhouette
    LUNGS = auto()
    PLEURA = auto()  # pleural spaces, costophrenic angles
    VESSELS = auto()


@dataclass(frozen=True, slots=True)
class Term:
    """The meaning of a phrase; fields that its role does not use keep their defaults."""

    role: Role
    observations: tuple[Observation, ...] = ()  # FINDING: none where it is not of the 14
    presence: Presence = Presence.POSITIVE  # FINDING and STATE, before any cue
    anatomy: Anatomy | None = None  # ANATOMY
    anatomies: frozenset[Anatomy] = frozenset()  # what a state can be said of
    sides: frozenset[Side] = frozenset()  # SIDE
    compares: bool = False  # SIDE: "left greater than right"
    devices_only: bool = False  # NEGATES, NEGATED: "removed" speaks of devices alone
    excepts: bool = False  # BREAK: "other than"
    next_only: bool = False  # LIMIT: of the next finding alone ("large"), not of the whole list
