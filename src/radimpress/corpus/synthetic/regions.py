"""The parts of a findings section, and what is spoken of in which."""

from enum import Enum

from radimpress.corpus.synthetic.observations import Incidental, Observation

_O = Observation


class Region(Enum):
    """The parts of a findings section, in the order that each style chooses."""

    DEVICES = "devices"
    HEART = "heart"
    LUNGS = "lungs"
    PLEURA = "pleura"
    BONES = "bones"


REGION_OF = {
    _O.CARDIOMEGALY: Region.HEART,
    _O.ENLARGED_CARDIOMEDIASTINUM: Region.HEART,
    _O.LUNG_LESION: Region.LUNGS,
    _O.LUNG_OPACITY: Region.LUNGS,
    _O.EDEMA: Region.LUNGS,
    _O.CONSOLIDATION: Region.LUNGS,
    _O.ATELECTASIS: Region.LUNGS,
    _O.PNEUMOTHORAX: Region.PLEURA,
    _O.PLEURAL_EFFUSION: Region.PLEURA,
    _O.PLEURAL_OTHER: Region.PLEURA,
    _O.FRACTURE: Region.BONES,
}
INCIDENTAL_REGION = {
    Incidental.GRANULOMA: Region.LUNGS,
    Incidental.LOW_VOLUMES: Region.LUNGS,
    Incidental.HYPERINFLATION: Region.LUNGS,
    Incidental.TORTUOUS_AORTA: Region.HEART,
    Incidental.CALCIFIED_AORTA: Region.HEART,
    Incidental.HERNIA: Region.BONES,
    Incidental.SPINE: Region.BONES,
    Incidental.SCOLIOSIS: Region.BONES,
}
DENIED = {
    Region.LUNGS: (_O.CONSOLIDATION, _O.EDEMA),
    Region.PLEURA: (_O.PLEURAL_EFFUSION, _O.PNEUMOTHORAX),
}
"""What is denied where it is absent; the rest of the absent is not mentioned."""
