"""One pass over a sentence: which phrases stand where."""

import re
from functools import cache
from itertools import groupby
from typing import NamedTuple

from radimpress.metrics.labels import cues, findings, grammar, organs
from radimpress.metrics.labels.phrases import regex, spread
from radimpress.metrics.labels.terms import Role, Term

_SIGNS = (
    (r"[,()]|\s--?\s", Role.COMMA),
    (r";", Role.BREAK),
    (r"(?<=[a-z])/(?=[a-z])|\s/\s", Role.EITHER),
    (r"&", Role.AND),
    (r"\?\s*$", Role.SUSPECTED),
    (r"\?", Role.SUSPECTS),
)


class Event(NamedTuple):
    """A phrase of the sentence, at characters [start, end)."""

    start: int
    end: int
    term: Term

    @property
    def role(self) -> Role:
        """The part it plays."""
        return self.term.role


def scan(sentence: str) -> list[Event]:
    """The phrases of a sentence from left to right, without overlaps; the longest one wins."""
    pattern, terms = _pattern()
    return [
        Event(found.start(), found.end(), terms[found.lastindex - 1])
        for found in pattern.finditer(sentence.lower())
        if found.lastindex
    ]


@cache
def _pattern() -> tuple[re.Pattern[str], tuple[Term, ...]]:
    """One alternation of every phrase, an empty group behind each, and their meanings in order.

    The phrases are filed by their first character, and none opens with a group: `re` then drops
    most of a drawer by its second character, which makes scanning many times faster.
    """
    listed = [*findings.terms(), *organs.terms(), *cues.terms(), *grammar.terms()]
    known = sorted(
        ((each, term) for phrase, term in listed for each in spread(phrase)),
        key=lambda known: (known[0][0], -known[0].count(" "), -len(known[0]), known[0]),
    )
    drawers = [
        rf"(?={letter})(?:{'|'.join(f'{regex(phrase)}()' for phrase, _ in drawer)})"
        for letter, drawer in groupby(known, key=lambda known: known[0][0])
    ]
    signs = "|".join(f"(?:{sign})()" for sign, _ in _SIGNS)
    terms = (*(term for _, term in known), *(Term(role) for _, role in _SIGNS))
    return re.compile(rf"\b(?:{'|'.join(drawers)})(?!\w)|{signs}"), terms
