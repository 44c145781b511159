"""What the findings say to one claim of an impression, and where they say it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import chain

from radimpress.metrics.all_clear import of_acute_disease_alone, says_all_clear
from radimpress.metrics.factuality import contradicts, flips
from radimpress.metrics.labels.labeller import gathered
from radimpress.metrics.labels.observations import (
    PATHOLOGIES,
    Label,
    Labels,
    Observation,
    Presence,
    Side,
)
from radimpress.metrics.labels.support import conveyed, excluders, grounds
from radimpress.metrics.numbers import invented
from radimpress.metrics.parts import whole_sentences
from radimpress.metrics.priors import unfounded


class Support(Enum):
    """How a statement stands to the findings, the gravest first."""

    contradicted = "contradicted"  # stated in one, excluded in the other
    side_differs = "side_differs"  # backed on the other side alone
    unsupported = "unsupported"  # nothing backs it
    unchecked = "unchecked"  # nothing in it that labels, numbers or comparisons can judge
    supported = "supported"


class Note(Enum):
    """Why a claim is not simply supported."""

    negated_in_findings = "negated_in_findings"
    stated_in_findings = "stated_in_findings"
    not_in_findings = "not_in_findings"
    other_side = "other_side"
    in_part = "in_part"  # the findings state it; excluded is a part, a side, or acute disease
    invented_number = "invented_number"
    unfounded_comparison = "unfounded_comparison"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters [start, end) of the findings."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """On one claim: `evidence` backs it or, where it is disputed, is what it disagrees with.

    `concern` says what the note is about: an observation, or words of the impression.
    """

    support: Support
    evidence: tuple[Span, ...] = ()
    note: Note | None = None
    concern: str = ""


class Findings:
    """A findings section, labelled once."""

    def __init__(self, text: str) -> None:
        self.sentences = tuple((each, gathered(each.claims)) for each in whole_sentences(text))
        self.labels = gathered(chain.from_iterable(each.claims for each, _ in self.sentences))

    def where(self, holds: Callable[[Labels], bool]) -> tuple[Span, ...]:
        """The sentences whose labels fulfil a condition."""
        return tuple(Span(each.start, each.end) for each, said in self.sentences if holds(said))

    def all_clear(self) -> tuple[Span, ...]:
        """The sentences that claim nothing but that all is normal."""
        return tuple(
            Span(each.start, each.end)
            for each, said in self.sentences
            if not said and says_all_clear(each.sentence)
        )


def on_claim(observation: Observation, told: Labels, seen: Findings) -> Verdict:
    """On what the labels of a statement say of one observation."""
    if not told[observation].asserted:
        return _on_excluded(observation, told, seen)
    if contradicts(observation, seen.labels, told):
        evidence = seen.where(_excludes(observation))
        name = observation.value
        return Verdict(Support.contradicted, evidence, Note.negated_in_findings, name)
    return _on_stated(observation, told, seen)


def on_all_clear(sentence: str, others: Labels, seen: Findings) -> Verdict:
    """On a sentence that calls the study normal; `others`: what the impression says elsewhere.

    It is contradicted by a pathology that the findings state and the impression tells nowhere. One
    that is only possible, or may be old where the sentence speaks of acute disease, leaves the
    matter open; it is backed where the findings exclude something and state none.
    """
    named = [
        each
        for each in PATHOLOGIES
        if each in seen.labels and seen.labels[each].asserted and not conveyed(each, others)
    ]
    sure = [each for each in named if seen.labels[each].presence is Presence.POSITIVE]
    if of_acute_disease_alone(sentence):
        sure = [each for each in sure if each in ACUTE]
    if sure or named:
        worst = sure or named
        evidence = seen.where(lambda said: any(_asserts(each)(said) for each in worst))
        concern = ", ".join(each.value for each in worst)
        if sure:
            return Verdict(Support.contradicted, evidence, Note.stated_in_findings, concern)
        return Verdict(Support.unchecked, evidence, Note.in_part, concern)
    evidence = seen.where(_excludes_alone) + seen.all_clear()
    if evidence:
        return Verdict(Support.supported, evidence)
    return Verdict(Support.unsupported, (), Note.not_in_findings, Observation.NO_FINDING.value)


ACUTE = frozenset(
    {
        Observation.EDEMA,
        Observation.CONSOLIDATION,
        Observation.PNEUMONIA,
        Observation.PNEUMOTHORAX,
        Observation.PLEURAL_EFFUSION,
    }
)
"""Pathologies that "no acute disease" denies; a scar or a large heart may be old."""


def on_words(sentence: str, findings: str, background: str) -> Iterator[Verdict]:
    """On the numbers and comparisons of a statement that come from nowhere."""
    for number in invented(sentence, findings, background):
        yield Verdict(Support.unsupported, (), Note.invented_number, number)
    for words in unfounded(sentence, findings, background):
        yield Verdict(Support.unsupported, (), Note.unfounded_comparison, words)


def _on_stated(observation: Observation, told: Labels, seen: Findings) -> Verdict:
    name, label = observation.value, told[observation]
    backing = grounds(observation, seen.labels)
    if not backing:
        against = seen.where(_rules_out(observation, label))
        note = Note.negated_in_findings if against else Note.not_in_findings
        return Verdict(Support.unsupported, against, note, name)
    evidence = seen.where(lambda said: any(_asserts(each)(said) for each in backing))
    if flips(observation, seen.labels, told):
        return Verdict(Support.side_differs, evidence, Note.other_side, name)
    near = seen.where(
        lambda said: any(_asserts(each)(said) and _meets(said[each], label) for each in backing)
    )
    return Verdict(Support.supported, near or evidence)


def _on_excluded(observation: Observation, told: Labels, seen: Findings) -> Verdict:
    name, label = observation.value, told[observation]
    found = seen.labels.get(observation)
    if found is not None and found.asserted:
        stating = seen.where(_asserts(observation))
        against = seen.where(
            lambda said: _excludes(observation)(said) and _meets(said[observation], label)
        )
        if against and not _meets(found, label):  # present, on the other side
            return Verdict(Support.supported, against)
        if against or label.limited or found.limited or not _meets(found, label):
            both = tuple(sorted({*stating, *against}))
            return Verdict(Support.unchecked, both, Note.in_part, name)
        if found.presence is Presence.POSITIVE:
            return Verdict(Support.contradicted, stating, Note.stated_in_findings, name)
        return Verdict(Support.unsupported, stating, Note.stated_in_findings, name)
    return _on_shared_exclusion(observation, label, seen)


def _on_shared_exclusion(observation: Observation, label: Label, seen: Findings) -> Verdict:
    """Where the findings do not state it either: do they exclude all of it, a part, or nothing?"""
    name, family = observation.value, excluders(observation, label.limited)
    evidence = (
        seen.where(_excludes(observation))
        or seen.where(lambda said: any(_excludes(each)(said) for each in family))
        or seen.all_clear()
    )
    if evidence:
        excluded = [seen.labels[each] for each in {observation, *family} if each in seen.labels]
        if excluded and not any(_covers(each, label) for each in excluded):
            return Verdict(Support.unchecked, evidence, Note.in_part, name)
        return Verdict(Support.supported, evidence)
    return Verdict(Support.unsupported, (), Note.not_in_findings, name)


def _asserts(observation: Observation) -> Callable[[Labels], bool]:
    return lambda said: observation in said and said[observation].asserted


def _excludes(observation: Observation) -> Callable[[Labels], bool]:
    return lambda said: observation in said and not said[observation].asserted


def _excludes_alone(said: Labels) -> bool:
    return bool(said) and not any(label.asserted for label in said.values())


def _rules_out(observation: Observation, label: Label) -> Callable[[Labels], bool]:
    """Excludes it as a whole, and not on the other side alone."""
    return lambda said: (
        _excludes(observation)(said)
        and not said[observation].limited
        and _meets(said[observation], label)
    )


def _covers(found: Label, told: Label) -> bool:
    """Whether an exclusion holds for all that the other one claims.

    The left side is not both, and "no large effusion" is not "no effusion".
    """
    whole = not found.limited or told.limited
    return whole and (not found.sides or found.sides >= (told.sides or frozenset(Side)))


def _meets(one: Label, other: Label) -> bool:
    """Whether they can speak of the same side."""
    return not one.sides or not other.sides or bool(one.sides & other.sides)
