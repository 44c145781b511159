"""Sentences of normality, and what may not be in the study for them to be said."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from radimpress.corpus.synthetic.observations import Incidental, Observation
from radimpress.corpus.synthetic.regions import Region

Subject: TypeAlias = Observation | Incidental


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, the observations it denies, and what else contradicts it."""

    text: str
    denies: tuple[Observation, ...] = ()
    unless: frozenset[Subject] = frozenset()


Slots: TypeAlias = Mapping[Region, tuple[tuple[Line, ...], ...]]
"""By region, slots that each give at most one of their alternative lines."""

HEART = (Observation.CARDIOMEGALY,)
MEDIASTINUM = (Observation.ENLARGED_CARDIOMEDIASTINUM,)
SILHOUETTE = (*HEART, *MEDIASTINUM)
NO_OPACITY = (Observation.LUNG_OPACITY,)
CLEAR = (*NO_OPACITY, Observation.CONSOLIDATION)
DRY = (Observation.EDEMA,)
FRACTURE = (Observation.FRACTURE,)

AORTA: frozenset[Subject] = frozenset({Incidental.TORTUOUS_AORTA, Incidental.CALCIFIED_AORTA})
BONES: frozenset[Subject] = frozenset({*FRACTURE, Incidental.SPINE, Incidental.SCOLIOSIS})
INFLATION: frozenset[Subject] = frozenset({Incidental.LOW_VOLUMES, Incidental.HYPERINFLATION})
