"""Radiologists read each other: one institution that also describes findings in another's words.

What a pre-trained model brings to a hospital is its language, not its habits. The institution that
the foundation is pre-trained on therefore describes findings in its own words and in the other's,
and concludes in its own style alone: the foundation understands the other's findings and has never
seen one of its impressions.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from radimpress.corpus.synthetic.style import Institution, Style

Key = TypeVar("Key")
Item = TypeVar("Item")
OWN_SHARE = 0.5  # of the patients are described in the institution's own words


def describing_as(ours: Institution, theirs: Institution) -> Institution:
    """`ours` with the findings wording of both; impressions stay as `ours` writes them."""
    return replace(
        ours,
        styles=tuple(style for own in ours.styles for style in _styles(own, theirs)),
        nouns=_both(ours.nouns, theirs.nouns),
        causes=_both(ours.causes, theirs.causes),
        absent=_both(ours.absent, theirs.absent),
        devices=_both(ours.devices, theirs.devices),
        misplaced=_both(ours.misplaced, theirs.misplaced),
        incidentals=_both(ours.incidentals, theirs.incidentals),
    )


def _styles(own: Style, theirs: Institution) -> tuple[Style, ...]:
    """A style in its own words, and once in the words of each of their styles."""
    borrowed = (
        replace(
            own,
            name=f"{own.name}-{other.name}",
            weight=own.weight * (1 - OWN_SHARE) * other.weight,
            findings=other.findings,
        )
        for other in theirs.styles
    )
    return replace(own, weight=own.weight * OWN_SHARE), *borrowed


def _both(
    ours: Mapping[Key, tuple[Item, ...]], theirs: Mapping[Key, tuple[Item, ...]]
) -> dict[Key, tuple[Item, ...]]:
    """Our alternatives and then theirs, each once."""
    keys = dict.fromkeys((*ours, *theirs))
    return {key: tuple(dict.fromkeys((*ours.get(key, ()), *theirs.get(key, ())))) for key in keys}
