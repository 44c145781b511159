"""Organs and their states: what "the heart is enlarged" and "clear lungs" say.

For the syntax of the phrases see `phrases`.
"""

from radimpress.metrics.labels.observations import Observation, Presence
from radimpress.metrics.labels.phrases import phrases
from radimpress.metrics.labels.terms import Anatomy, Role, Term

_ANGLES = r"costophrenic (?:angles?|sulc(?:us|i)|_+|recess(?:es)?)"

ANATOMIES: dict[Anatomy, str] = {
    Anatomy.HEART: r"""
        heart(?: size)?(?: and contours?)?
        size of the (?:heart|cardiac silhouette)
        cardiac (?:silhouette|size|contours?|shadow|silhouette size|silhouette and contours?)
        heart (?:shadow|contours?)
        """,
    Anatomy.MEDIASTINUM: r"""
        mediastinal (?:and hilar )?(?:contours?|silhouettes?|borders?|width|structures)
        mediastinum(?: contours?| configuration)?
        """,
    Anatomy.BOTH: r"""
        cardio ?mediastin(?:al|um)(?: (?:silhouettes?|contours?|size|structures|borders?|shadow
            ||outlines?))*(?: and contours?| contours? and size)?
        cardiac(?: and|/) mediastinal (?:silhouettes?|contours?|structures)
        cardiopericardial silhouette
        """,
    Anatomy.LUNGS: r"""
        lungs?(?: (?:fields?|zones?|parenchyma))?
        lungs and pleural spaces
        pulmonary parenchyma
        """,
    Anatomy.PLEURA: rf"""
        pleural (?:spaces?|surfaces?|margins?)
        {_ANGLES}
        (?:costophrenic|cardiophrenic) sulci
        """,
    Anatomy.VESSELS: r"""
        (?:pulmonary )?vasculature
        (?:pulmonary )?vascularity
        (?:pulmonary )?vessels
        pulmonary (?:vascular markings|vascular pattern|vascular structures)
        """,
}

_CHEST = frozenset({Anatomy.HEART, Anatomy.MEDIASTINUM, Anatomy.BOTH})
_ALL = frozenset(Anatomy)

STATES: tuple[tuple[Presence, frozenset[Anatomy], str], ...] = (
    (
        Presence.NEGATIVE,
        _ALL,
        r"""
        normal(?: sized?| in size| limits| in caliber| in appearance| in contour| variation)?
        within(?: the)?(?: upper)? normal limits
        within (?:normal )?(?:limits|range)(?: of normal)?
        wnl
        unremarkable
        not remarkable
        """,
    ),
    (Presence.NEGATIVE, frozenset({Anatomy.LUNGS, Anatomy.PLEURA}), "clear"),
    (Presence.NEGATIVE, frozenset({Anatomy.PLEURA}), "sharp"),
    (Presence.NEGATIVE, _CHEST | {Anatomy.PLEURA}, "preserved\nmaintained"),
    (
        Presence.UNCERTAIN,
        _CHEST,
        r"""
        (?:at |near )?(?:the )?upper (?:limits?|limit|range)(?: of)?(?: the)? normal
        (?:at |near )?(?:the )?upper (?:normal|limits?)(?: limits?)?
        high normal
        top normal
        top limits? of normal
        borderline (?:in size|enlarged|enlargement|size|for size|prominent|large)
        """,
    ),
    (
        Presence.POSITIVE,
        _CHEST,
        r"""
        enlarge(?:d|ment)(?: of)?(?: the)?
        increased in size
        big
        increase in (?:the )?size of(?: the)?
        widen(?:ed|ing)(?: of)?(?: the)?
        dilated
        """,
    ),
    (Presence.POSITIVE, _CHEST | {Anatomy.VESSELS}, "prominent\nprominence of(?: the)?"),
    (
        Presence.POSITIVE,
        frozenset({Anatomy.VESSELS}),
        r"""
        congested
        engorge(?:d|ment)(?: of)?(?: the)?
        cephalized
        indistinct(?:ness of)?(?: the)?
        ill defined
        """,
    ),
)

STATED: dict[Anatomy, tuple[Observation, ...]] = {
    Anatomy.HEART: (Observation.CARDIOMEGALY,),
    Anatomy.MEDIASTINUM: (Observation.ENLARGED_CARDIOMEDIASTINUM,),
    Anatomy.BOTH: (Observation.ENLARGED_CARDIOMEDIASTINUM,),
    Anatomy.LUNGS: (Observation.LUNG_OPACITY,),
    Anatomy.PLEURA: (Observation.PLEURAL_EFFUSION,),
    Anatomy.VESSELS: (Observation.EDEMA,),
}
"""What an abnormal state says: the enlarged, the congested."""

EXCLUDED: dict[Anatomy, tuple[Observation, ...]] = {
    **STATED,
    Anatomy.BOTH: (Observation.ENLARGED_CARDIOMEDIASTINUM, Observation.CARDIOMEGALY),
    Anatomy.LUNGS: (Observation.LUNG_OPACITY, Observation.CONSOLIDATION),
}
"""What a normal state excludes: a normal silhouette holds a heart of normal size."""


def terms() -> list[tuple[str, Term]]:
    """Every (phrase, meaning) of this file."""
    found = [
        (phrase, Term(Role.ANATOMY, anatomy=anatomy))
        for anatomy, text in ANATOMIES.items()
        for phrase in phrases(text)
    ]
    for presence, anatomies, text in STATES:
        term = Term(Role.STATE, presence=presence, anatomies=anatomies)
        found += [(phrase, term) for phrase in phrases(text)]
    large = Term(Role.LIMIT, next_only=True, anatomies=_CHEST)
    increased = Term(Role.GRADE, anatomies=frozenset({Anatomy.VESSELS}))
    borderline = Term(Role.SUSPECTS, presence=Presence.UNCERTAIN, anatomies=_CHEST)
    return [*found, ("large", large), ("increased", increased), ("borderline", borderline)]
