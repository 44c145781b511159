"""What a predicted impression gets wrong about one report, by its labels, numbers and comparisons.

Definitions with formulas and sources: docs/clinical-metrics.md.
"""

from dataclasses import dataclass
from typing import TypeAlias

from radimpress.metrics.labels.labeller import label
from radimpress.metrics.labels.observations import Labels, Observation, Presence
from radimpress.metrics.labels.support import conveyed, grounds
from radimpress.metrics.numbers import invented
from radimpress.metrics.priors import unfounded

Observations: TypeAlias = tuple[Observation, ...]


@dataclass(frozen=True, slots=True)
class Factuality:
    """The errors of one prediction; empty tuples where there are none.

    `matched`, `extra` and `missed` compare it with the reference impression (true and false
    positives, false negatives over the 14 observations); the others compare it with the findings.
    `invented_numbers` and `unfounded_comparisons` hold words of the prediction: report text.
    """

    matched: Observations
    extra: Observations
    missed: Observations
    hallucinated: Observations
    omitted: Observations
    contradicted: Observations
    side_flipped: Observations
    invented_numbers: tuple[str, ...]
    unfounded_comparisons: tuple[str, ...]


def assess(findings: str, background: str, reference: str, prediction: str) -> Factuality:
    """Hold a predicted impression against the reference impression and the findings."""
    seen, wanted, told = label(findings), label(reference), label(prediction)
    asked, said = _asserted(wanted), _asserted(told)
    stated = tuple(each for each in said if each is not Observation.NO_FINDING)
    return Factuality(
        matched=tuple(each for each in said if each in asked),
        extra=tuple(each for each in said if each not in asked),
        missed=tuple(each for each in asked if each not in said),
        hallucinated=tuple(each for each in stated if not grounds(each, seen)),
        omitted=tuple(each for each in asked if _omitted(each, seen, wanted, told)),
        contradicted=tuple(each for each in Observation if contradicts(each, seen, told)),
        side_flipped=tuple(each for each in stated if flips(each, seen, told)),
        invented_numbers=invented(prediction, findings, background),
        unfounded_comparisons=unfounded(prediction, findings, background),
    )


def _asserted(labels: Labels) -> Observations:
    return tuple(each for each, label in labels.items() if label.asserted)


def _positive(observation: Observation, labels: Labels) -> bool:
    found = labels.get(observation)
    return found is not None and found.presence is Presence.POSITIVE


def _omitted(observation: Observation, seen: Labels, wanted: Labels, told: Labels) -> bool:
    """Positive in the reference and in the findings, and not conveyed by the prediction."""
    return (
        observation is not Observation.NO_FINDING
        and _positive(observation, wanted)
        and _positive(observation, seen)
        and not conveyed(observation, told)
    )


def contradicts(observation: Observation, seen: Labels, told: Labels) -> bool:
    """Positive in one text and excluded, not just in part or on the other side, by the other."""
    if observation is Observation.NO_FINDING or observation not in seen or observation not in told:
        return False
    one, other = seen[observation], told[observation]
    if {one.presence, other.presence} != {Presence.POSITIVE, Presence.NEGATIVE}:
        return False
    apart = one.sides and other.sides and not one.sides & other.sides
    return not (one.limited or other.limited or apart)


def flips(observation: Observation, seen: Labels, told: Labels) -> bool:
    """Asserted by the prediction on a side where the findings back it on the other alone.

    Where the findings assert the observation itself, with a side, what else backs it need not name
    one; where they do not, all that backs it must.
    """
    here, backing = told[observation].sides, grounds(observation, seen)
    theirs = [seen[each].sides for each in backing]
    own = observation in backing and bool(seen[observation].sides)
    known = bool(here) and bool(theirs) and (own or all(theirs))
    return known and not any(each & here for each in theirs)
