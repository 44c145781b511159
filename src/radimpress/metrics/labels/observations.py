"""What a report can say: the 14 CheXpert observations, their presence and their side.

Names and order are those of the CheXpert labels (Irvin et al. 2019, arXiv:1901.07031).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias


class Observation(Enum):
    """The 14 observations, in the order of every count array (axis of length 14)."""

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
    """What the text says of an observation. One that is not mentioned has no label at all."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    UNCERTAIN = "uncertain"


class Side(Enum):
    """The patient's side. A bilateral finding has both."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Label:
    """What one text says of one observation.

    `sides` is empty where none is named or the observation has none (heart, mediastinum).
    `limited`: a negation that excludes only a part ("no large effusion", "no acute fracture",
    "no new opacity"), so that it does not contradict a text that states the observation.
    """

    presence: Presence
    sides: frozenset[Side] = frozenset()
    limited: bool = False

    @property
    def asserted(self) -> bool:
        """Stated as present or as possible."""
        return self.presence is not Presence.NEGATIVE


Labels: TypeAlias = Mapping[Observation, Label]

PATHOLOGIES: tuple[Observation, ...] = tuple(
    o for o in Observation if o not in (Observation.NO_FINDING, Observation.SUPPORT_DEVICES)
)
"""What makes a report abnormal when it is stated or possible."""

WITHOUT_SIDE = frozenset(
    {Observation.NO_FINDING, Observation.ENLARGED_CARDIOMEDIASTINUM, Observation.CARDIOMEGALY}
)
"""Observations of the midline: side words near them belong to something else."""

INHERITS_SIDE = frozenset(
    {
        Observation.LUNG_LESION,
        Observation.LUNG_OPACITY,
        Observation.CONSOLIDATION,
        Observation.PNEUMONIA,
        Observation.ATELECTASIS,
        Observation.PLEURAL_EFFUSION,
        Observation.PLEURAL_OTHER,
        Observation.PNEUMOTHORAX,
    }
)
"""Observations that share the side of their neighbour ("left effusion and atelectasis")."""
