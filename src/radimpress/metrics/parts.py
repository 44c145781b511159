"""What a text states one by one: its sentences, cut further where the labeller reads the same."""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from radimpress.metrics.labels.labeller import Claim, claims
from radimpress.metrics.labels.observations import Presence
from radimpress.metrics.labels.scanner import scan
from radimpress.metrics.labels.sentences import extents, plain
from radimpress.metrics.labels.terms import Role

_BULLETS = "-*•"
_JOINT = re.compile(r"\b(?:and|as well|plus|along|with|but|however|yet)\b|[;&,]", re.IGNORECASE)
_WORD = re.compile(r"\S+")


class Part(NamedTuple):
    """A statement at characters [start, end) of a text, its sentence as read, what it claims."""

    start: int
    end: int
    sentence: str
    claims: tuple[Claim, ...]


def parts(text: str) -> list[Part]:
    """The statements of a text from left to right: all of it but white space and list markers.

    A sentence is cut before "and", "with" and "but", and after ";" and ",", where each piece claims
    something and the pieces together claim exactly what the sentence does: "Cardiomegaly and a
    small left effusion" makes two; "no effusion and edema" (one negation) and "left effusion and
    atelectasis" (one side) stay whole. So does what a comma makes a guess at the one before:
    "opacity, likely pneumonia".
    """
    found: list[Part] = []
    for opening, end, stop in extents(text):
        start = _after_bullet(text, opening, end)
        cuts = [start, *_cuts(text, start, end)]
        for low, high in zip(cuts, [*cuts[1:], stop], strict=True):
            last = low + len(text[low:high].rstrip())
            if found and not any(map(str.isalnum, text[low:last])):  # a stray stop
                found[-1] = found[-1]._replace(end=last)
            else:
                sentence = plain(text[low : min(last, end)])
                found.append(Part(low, last, sentence, claims(sentence)))
    return found


def whole_sentences(text: str) -> Iterator[Part]:
    """The sentences of a text that hold letters, with what they claim, none cut."""
    for start, end, stop in extents(text):
        sentence = plain(text[start:end])
        if any(map(str.isalpha, sentence)):
            yield Part(_after_bullet(text, start, end), stop, sentence, claims(sentence))


def _after_bullet(text: str, start: int, end: int) -> int:
    words = text[start:end]
    if words[:1] not in _BULLETS or not words[1:2].isspace():
        return start
    return end - len(words[1:].lstrip())


def _cuts(text: str, start: int, end: int) -> list[int]:
    """Where the sentence at [start, end) may be cut: at its joints, then its pieces at commas."""
    if not _JOINT.search(text, start, end):
        return []
    joints, commas = _joints(text, start, end)
    edges = [start, *_cut_at(joints, text, start, end), end]
    for low, high in pairwise(edges):
        if not any(_doubtful(claim) for claim in claims(plain(text[low:high]))):
            edges += _cut_at([comma for comma in commas if low < comma < high], text, low, high)
    return sorted(edges)[1:-1]


def _cut_at(places: Sequence[int], text: str, start: int, end: int) -> list[int]:
    found: list[int] = []
    for place in places:
        low = found[-1] if found else start
        one, other = claims(plain(text[low:place])), claims(plain(text[place:end]))
        if one and other and one + other == claims(plain(text[low:end])):
            found.append(place)
    return found


def _doubtful(claim: Claim) -> bool:
    return claim.label.presence is Presence.UNCERTAIN


def _joints(text: str, start: int, end: int) -> tuple[list[int], list[int]]:
    """The words of the sentence at [start, end) behind its joints and behind its commas."""
    sentence = plain(text[start:end])
    words = [(found.start(), found[0]) for found in _WORD.finditer(text, start, end)]
    if sentence != " ".join(word for _, word in words):  # a lost space is back: places would be off
        return [], []
    before = accumulate((len(word) + 1 for _, word in words), initial=0)
    opening = dict(zip(before, (place for place, _ in words), strict=False))
    joints: list[int] = []
    commas: list[int] = []
    for event in scan(sentence):
        said = sentence[event.start : event.end].lower()
        if said in (",", ";"):
            places = commas if said == "," else joints
            places.append(event.end + 1)
        elif said == "with" or event.role in (Role.AND, Role.BUT):
            joints.append(event.start)
    return (
        [opening[place] for place in joints if place in opening],
        [opening[place] for place in commas if place in opening],
    )
