"""What a generated study is about: the 14 CheXpert observations and what can be said of one.

The names are those of the CheXpert labeller (Irvin et al. 2019, arXiv:1901.07031, table 1).
"""

from dataclasses import dataclass
from enum import Enum


class Observation(Enum):
    """The 14 observations; the value is the name in truth.jsonl."""

    NO_FINDING = "No Finding"
    ENLARGED_CARDIOMEDIASTINUM = "Enlarged Cardiomediastinum"
    CARDIOMEGALY = "Cardiomegaly"
    LUNG_LESION = "Lung Lesion"
    LUNG_OPACITY = "Lung Opacity"
    EDEMA = "Edema"
    CONSOLIDATION = "Consolidation"
    PNEUMONIA = "Pneumonia"
    ATELECTASIS = "Atelectasis"
    PNEUMOTHORAX = "Pneumothorax"
    PLEURAL_EFFUSION = "Pleural Effusion"
    PLEURAL_OTHER = "Pleural Other"
    FRACTURE = "Fracture"
    SUPPORT_DEVICES = "Support Devices"


class Presence(Enum):
    """What the text says of an observation; one that is not mentioned has no entry at all."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    UNCERTAIN = "uncertain"


class Side(Enum):
    """The patient's side; a bilateral finding has both."""

    LEFT = "left"
    RIGHT = "right"


class Severity(Enum):
    """Three grades: small, moderate, large for fluid and air; mild, moderate, severe otherwise."""

    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"


class Change(Enum):
    """How a finding compares with the patient's prior study."""

    NEW = "new"
    INCREASED = "increased"
    DECREASED = "decreased"
    UNCHANGED = "unchanged"
    RESOLVED = "resolved"


class Site(Enum):
    """Where in a lung."""

    UPPER = "upper lobe"
    MIDDLE = "middle lobe"  # the right lung only
    LOWER = "lower lobe"
    BASE = "base"


class Cause(Enum):
    """What an opacity or consolidation is thought to be."""

    PNEUMONIA = "pneumonia"  # stated as likely: Pneumonia is positive
    POSSIBLE_PNEUMONIA = "possible pneumonia"
    PNEUMONIA_OR_ATELECTASIS = "pneumonia or atelectasis"  # both uncertain


class Incidental(Enum):
    """Harmless things that findings mention and impressions leave out."""

    GRANULOMA = "granuloma"
    SPINE = "degenerative spine"
    TORTUOUS_AORTA = "tortuous aorta"
    CALCIFIED_AORTA = "calcified aorta"
    HERNIA = "hiatal hernia"
    SCOLIOSIS = "scoliosis"
    LOW_VOLUMES = "low lung volumes"
    HYPERINFLATION = "hyperinflation"


@dataclass(frozen=True, slots=True)
class Finding:
    """One abnormality of one study, before it is put into words.

    `presence` is POSITIVE or UNCERTAIN, or NEGATIVE where `change` is RESOLVED. `number` is a
    nodule's diameter in millimetres or a broken rib's number (1 to 12). `greater` is the worse side
    of a bilateral finding, where the text tells it.
    """

    observation: Observation
    presence: Presence
    sides: tuple[Side, ...] = ()
    severity: Severity | None = None
    change: Change | None = None
    site: Site | None = None
    cause: Cause | None = None
    number: int | None = None
    greater: Side | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """What a text says of one observation: a row of truth.jsonl."""

    observation: Observation
    presence: Presence
    sides: tuple[Side, ...] = ()
    severity: Severity | None = None
    change: Change | None = None


LUNGS: frozenset[Observation | Incidental] = frozenset(
    {
        Observation.LUNG_LESION,
        Observation.LUNG_OPACITY,
        Observation.EDEMA,
        Observation.CONSOLIDATION,
        Observation.PNEUMONIA,
        Observation.ATELECTASIS,
    }
)
"""Observations after which nobody says that the lungs are clear."""


def stated_of(finding: Finding) -> tuple[Stated, ...]:
    """What a sentence about `finding` states: itself, and the cause behind it."""
    own = Stated(
        finding.observation, finding.presence, finding.sides, finding.severity, finding.change
    )
    if finding.presence is Presence.NEGATIVE or finding.cause is None:
        return (own,)
    pneumonia = Stated(
        Observation.PNEUMONIA,
        Presence.POSITIVE if finding.cause is Cause.PNEUMONIA else Presence.UNCERTAIN,
        finding.sides,
    )
    if finding.cause is not Cause.PNEUMONIA_OR_ATELECTASIS:
        return (own, pneumonia)
    return (own, pneumonia, Stated(Observation.ATELECTASIS, Presence.UNCERTAIN, finding.sides))


def merged(statements: list[Stated]) -> dict[Observation, Stated]:
    """One statement an observation, in CheXpert's order, with No Finding worked out.

    Positive outranks uncertain, which outranks negative; the first statement of the winning rank
    gives severity and change, and all statements of that rank give their sides. No Finding is
    positive where nothing but support devices is positive or uncertain.
    """
    best: dict[Observation, Stated] = {}
    for stated in statements:
        held = best.get(stated.observation)
        if held is None or _RANK[stated.presence] > _RANK[held.presence]:
            best[stated.observation] = stated
        elif held.presence is stated.presence:
            sides = tuple(side for side in Side if side in held.sides or side in stated.sides)
            best[stated.observation] = Stated(
                held.observation, held.presence, sides, held.severity, held.change
            )
    abnormal = any(
        stated.presence is not Presence.NEGATIVE
        for stated in best.values()
        if stated.observation is not Observation.SUPPORT_DEVICES
    )
    if not abnormal:
        best[Observation.NO_FINDING] = Stated(Observation.NO_FINDING, Presence.POSITIVE)
    return {observation: best[observation] for observation in Observation if observation in best}


_RANK = {Presence.NEGATIVE: 0, Presence.UNCERTAIN: 1, Presence.POSITIVE: 2}
