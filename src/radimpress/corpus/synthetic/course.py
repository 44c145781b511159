"""A patient's studies in time: what each shows, and how it changed since the one before."""

import random
from dataclasses import dataclass, replace

from radimpress.corpus.synthetic.devices import PERMANENT, Device, placed
from radimpress.corpus.synthetic.observations import (
    Cause,
    Change,
    Finding,
    Incidental,
    Observation,
    Presence,
    Severity,
    Side,
    Site,
)
from radimpress.corpus.synthetic.scenarios import SCENARIOS, Scenario, Tendency
from radimpress.corpus.synthetic.streams import chosen

GRADES = (Severity.MILD, Severity.MODERATE, Severity.SEVERE)
CHANCE_ASKS = 0.25
"""Chance that an indication asks a question."""
TELLS_CHANGE = 0.85
"""Chance that a report with a prior says how a finding changed."""


@dataclass(frozen=True, slots=True)
class LatentStudy:
    """One study before it is put into words. `asks` is what the indication wants to know."""

    has_prior: bool
    portable: bool
    reason: str
    asks: Observation | None
    findings: tuple[Finding, ...]
    devices: tuple[Device, ...]
    incidentals: tuple[Incidental, ...]


def patient_course(rng: random.Random) -> tuple[LatentStudy, ...]:
    """All studies of one patient, the earliest first."""
    scenario = chosen(rng, {scenario: scenario.weight for scenario in SCENARIOS})
    lasting = tuple(rng.sample(list(Incidental), chosen(rng, {0: 6, 1: 3, 2: 1})))
    templates = {t: _template(t, rng) for t in scenario.tendencies}
    grades = {t: _first_grade(t, rng) for t in scenario.tendencies}
    before = dict.fromkeys(grades, 0)
    devices = tuple(placed(kind, rng) for kind, share in scenario.devices if rng.random() < share)
    studies = []
    for index in range(1 + _further_studies(scenario, rng)):
        if index:
            before, grades = grades, {t: _next_grade(t, grades[t], rng) for t in grades}
            devices = _later_devices(scenario, devices, rng)
        found = [
            _finding(t, templates[t], before[t], grades[t], index > 0, rng)
            for t in scenario.tendencies
            if grades[t] or (before[t] and rng.random() < 0.7)
        ]
        studies.append(
            LatentStudy(
                has_prior=index > 0,
                portable=rng.random() < scenario.portable,
                reason=rng.choice(scenario.reasons),
                asks=rng.choice(scenario.asks) if rng.random() < CHANCE_ASKS else None,
                findings=tuple(found),
                devices=devices,
                incidentals=lasting,
            )
        )
    return tuple(studies)


def _further_studies(scenario: Scenario, rng: random.Random) -> int:
    return chosen(rng, dict(enumerate(scenario.studies)))


def _first_grade(tendency: Tendency, rng: random.Random) -> int:
    """0 for absent, else 1 to 3."""
    if rng.random() >= tendency.start:
        return 0
    return chosen(rng, dict(enumerate(tendency.grades, start=1)))


def _next_grade(tendency: Tendency, grade: int, rng: random.Random) -> int:
    draw = rng.random()
    if grade == 0:
        return 1 if draw < tendency.later else 0
    if draw < tendency.worse:
        return min(3, grade + 1)
    return grade - 1 if draw < tendency.worse + tendency.better else grade


def _template(tendency: Tendency, rng: random.Random) -> Finding:
    """What stays the same from study to study: sides, site, cause, rib."""
    observation = tendency.observation
    both = rng.random() < tendency.bilateral
    one = rng.choice(list(Side))
    greater = rng.choice(list(Side)) if rng.random() < 0.4 else None
    site = rng.choice(list(Site))
    if site is Site.MIDDLE and (both or one is Side.LEFT):
        site = Site.LOWER
    if observation is Observation.ATELECTASIS:
        site = Site.LOWER if rng.random() < 0.3 else Site.BASE
    if observation is Observation.LUNG_LESION and site is Site.BASE:
        site = Site.UPPER
    has_sides = observation not in _WITHOUT_SIDES
    return Finding(
        observation,
        Presence.POSITIVE,
        sides=() if not has_sides else (Side.LEFT, Side.RIGHT) if both else (one,),
        site=site if observation in _WITH_SITE else None,
        cause=chosen(rng, _CAUSES[observation]) if observation in _CAUSES else None,
        number=_number(observation, rng),
        greater=greater if both and observation is Observation.PLEURAL_EFFUSION else None,
    )


def _number(observation: Observation, rng: random.Random) -> int | None:
    """A rib's number, or the millimetres of a nodule beside those of its grade."""
    if observation is Observation.FRACTURE:
        return rng.randint(3, 10)
    return rng.randint(1, 6) if observation is Observation.LUNG_LESION else None


def _finding(
    tendency: Tendency,
    template: Finding,
    before: int,
    now: int,
    has_prior: bool,
    rng: random.Random,
) -> Finding:
    """The finding at one study, `before` and `now` being its grades (0 is absent)."""
    change = _change(before, now) if has_prior else None
    if now == 0:
        return replace(
            template, presence=Presence.NEGATIVE, change=change, cause=None, greater=None
        )
    if change is not Change.NEW and rng.random() >= TELLS_CHANGE:
        change = None
    unsure = now == 1 and before == 0 and rng.random() < tendency.doubt
    graded = tendency.observation not in _WITHOUT_GRADE
    lesion = tendency.observation is Observation.LUNG_LESION
    return replace(
        template,
        presence=Presence.UNCERTAIN if unsure else Presence.POSITIVE,
        severity=GRADES[now - 1] if graded else None,
        change=None if unsure else change,
        cause=None if unsure else template.cause,
        number=template.number + 6 * now if lesion and template.number else template.number,
    )


def _change(before: int, now: int) -> Change:
    if before == 0:
        return Change.NEW
    if now == 0:
        return Change.RESOLVED
    if now == before:
        return Change.UNCHANGED
    return Change.INCREASED if now > before else Change.DECREASED


def _later_devices(
    scenario: Scenario, devices: tuple[Device, ...], rng: random.Random
) -> tuple[Device, ...]:
    """Permanent hardware stays, tubes and lines come out or are put right, new ones go in."""
    kept = [
        replace(device, change=Change.UNCHANGED)
        for device in devices
        if device.kind in PERMANENT or (not device.misplaced and rng.random() < 0.65)
    ]
    have = {device.kind for device in kept}
    fresh = [
        replace(placed(kind, rng), change=Change.NEW)
        for kind, share in scenario.devices
        if kind not in have and kind not in PERMANENT and rng.random() < share * 0.3
    ]
    return (*kept, *fresh)


_WITHOUT_SIDES = frozenset(
    {Observation.CARDIOMEGALY, Observation.ENLARGED_CARDIOMEDIASTINUM, Observation.EDEMA}
)
_WITHOUT_GRADE = frozenset(
    {Observation.FRACTURE, Observation.LUNG_LESION, Observation.CONSOLIDATION}
)
_WITH_SITE = frozenset(
    {
        Observation.LUNG_LESION,
        Observation.LUNG_OPACITY,
        Observation.CONSOLIDATION,
        Observation.ATELECTASIS,
    }
)
_CAUSES: dict[Observation, dict[Cause | None, float]] = {
    Observation.CONSOLIDATION: {Cause.PNEUMONIA: 5, Cause.POSSIBLE_PNEUMONIA: 3, None: 2},
    Observation.LUNG_OPACITY: {
        Cause.PNEUMONIA_OR_ATELECTASIS: 4,
        Cause.POSSIBLE_PNEUMONIA: 2,
        Cause.PNEUMONIA: 1,
        None: 3,
    },
}
