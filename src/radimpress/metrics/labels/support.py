"""Which observations of the findings back an observation of the impression."""

from collections.abc import Mapping

from radimpress.metrics.labels.observations import Labels, Observation

_O = Observation

ENTAILS: Mapping[Observation, frozenset[Observation]] = {
    _O.CONSOLIDATION: frozenset({_O.LUNG_OPACITY}),
    _O.PNEUMONIA: frozenset({_O.LUNG_OPACITY}),
    _O.ATELECTASIS: frozenset({_O.LUNG_OPACITY}),
    _O.EDEMA: frozenset({_O.LUNG_OPACITY}),
    _O.LUNG_LESION: frozenset({_O.LUNG_OPACITY}),
    _O.CARDIOMEGALY: frozenset({_O.ENLARGED_CARDIOMEDIASTINUM}),
}
"""Child to parents in the hierarchy of Irvin et al. (2019), figure 1: who states a child has
stated its parents."""

READ_AS: Mapping[Observation, frozenset[Observation]] = {
    _O.LUNG_OPACITY: frozenset(
        {_O.CONSOLIDATION, _O.PNEUMONIA, _O.ATELECTASIS, _O.EDEMA, _O.LUNG_LESION}
    ),
    _O.CONSOLIDATION: frozenset({_O.PNEUMONIA, _O.ATELECTASIS}),
    _O.PNEUMONIA: frozenset({_O.CONSOLIDATION}),
    _O.ENLARGED_CARDIOMEDIASTINUM: frozenset({_O.CARDIOMEGALY}),
    _O.PLEURAL_EFFUSION: frozenset({_O.PLEURAL_OTHER}),
}
"""What an impression may read a finding as: an opacity as pneumonia is an interpretation."""


def grounds(observation: Observation, findings: Labels) -> frozenset[Observation]:
    """The asserted observations of the findings that back `observation`; none: unsupported.

    The observation itself, whatever entails it, and whatever may be read as it.
    """
    return frozenset(
        each
        for each, label in findings.items()
        if label.asserted
        and (
            each is observation
            or observation in ENTAILS.get(each, ())
            or observation in READ_AS.get(each, ())
        )
    )


def excluders(observation: Observation, limited: bool = False) -> frozenset[Observation]:
    """The observations whose exclusion excludes `observation`: it, its parents, its signs.

    Without an opacity there is no pneumonia, and without a consolidation none is read. A `limited`
    exclusion ("no acute infiltrate") is also that of a child ("no consolidation").
    """
    signs = {each for each, readings in READ_AS.items() if observation in readings}
    children = {each for each, parents in ENTAILS.items() if observation in parents}
    return frozenset(
        {observation, *ENTAILS.get(observation, ()), *signs, *(children if limited else ())}
    )


def conveyed(observation: Observation, text: Labels) -> bool:
    """Whether a text asserts the observation, or one that entails it."""
    return any(
        label.asserted and (each is observation or observation in ENTAILS.get(each, ()))
        for each, label in text.items()
    )
