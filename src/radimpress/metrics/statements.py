"""What backs each statement of an impression: the sentences of the findings, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from radimpress.metrics.all_clear import says_all_clear
from radimpress.metrics.labels.labeller import gathered
from radimpress.metrics.labels.observations import Observation
from radimpress.metrics.parts import Part, parts
from radimpress.metrics.verdicts import (
    Findings,
    Note,
    Span,
    Support,
    Verdict,
    on_all_clear,
    on_claim,
    on_words,
)

__all__ = ["Note", "Span", "Statement", "Support", "statements"]

_RANK = {support: rank for rank, support in enumerate(Support)}
_DISPUTED = (Support.contradicted, Support.side_differs)


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement, `text`, at characters [start, end) of the impression.

    `observations`: the names of those it mentions, "No Finding" where it calls the study normal.
    `evidence`: the sentences of the findings that back it or, where it is contradicted or on the
    other side, those that it disagrees with; in the order of the findings. `notes`: codes of
    `Note`; `concerns`: what each of them is about, an observation or words of the statement.
    """

    text: str
    start: int
    end: int
    support: Support
    observations: tuple[str, ...]
    evidence: tuple[Span, ...]
    notes: tuple[str, ...]
    concerns: tuple[str, ...]


def statements(findings: str, background: str, impression: str) -> tuple[Statement, ...]:
    """Check every statement of an impression against the findings, from left to right.

    The statements hold all of the impression but white space and list markers. A screen by rules,
    no verdict on the patient (docs/the-page.md lists them): it raises on no text, and equal texts
    give equal statements.
    """
    seen, told = Findings(findings), tuple(parts(impression))
    return tuple(
        _statement(impression, part, _verdicts(part, told, seen, findings, background))
        for part in told
    )


def _verdicts(
    part: Part, told: Sequence[Part], seen: Findings, findings: str, background: str
) -> list[Verdict]:
    labels = gathered(part.claims)
    verdicts = [on_claim(each, labels, seen) for each in labels]
    if _is_all_clear(part):
        others = gathered(chain.from_iterable(each.claims for each in told))
        verdicts.append(on_all_clear(part.sentence, others, seen))
    return [*verdicts, *on_words(part.sentence, findings, background)]


def _statement(impression: str, part: Part, verdicts: Sequence[Verdict]) -> Statement:
    support = min((each.support for each in verdicts), key=_RANK.__getitem__, default=None)
    support = support or Support.unchecked
    shown = [each for each in verdicts if support not in _DISPUTED or each.support is support]
    named = [each.value for each in gathered(part.claims)]
    if not named and _is_all_clear(part):
        named = [Observation.NO_FINDING.value]
    return Statement(
        text=impression[part.start : part.end],
        start=part.start,
        end=part.end,
        support=support,
        observations=tuple(named),
        evidence=tuple(sorted({span for each in shown for span in each.evidence})),
        notes=tuple(each.note.value for each in verdicts if each.note),
        concerns=tuple(each.concern for each in verdicts if each.note),
    )


def _is_all_clear(part: Part) -> bool:
    stated = any(claim.label.asserted for claim in part.claims)
    return not stated and says_all_clear(part.sentence)
