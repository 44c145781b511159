"""How an institution's radiologists write: the tables that a style is made of.

Patterns are filled by `radimpress.corpus.synthetic.phrases`. In noun patterns `{size}` is the
grade, `{side}` left, right or bilateral, `{placed}` an adjective of place ("left lower lobe",
"bibasilar"), `{place}` its noun ("the left lower lobe", "both lung bases"), `{number}` millimetres
or a rib, `{ordinal}` the rib as a word. In sentence patterns `{np}` is the noun phrase, `{a_np}`
the same with its article; `{is}` and `{has}` agree with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from radimpress.corpus.synthetic.devices import DeviceKind, Tip
from radimpress.corpus.synthetic.normality import Slots
from radimpress.corpus.synthetic.observations import (
    Cause,
    Change,
    Incidental,
    Observation,
    Severity,
)
from radimpress.corpus.synthetic.regions import Region


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun phrase: for one side, for both where it differs, and whether it takes an article."""

    one: str
    two: str | None = None
    counted: bool = False


class DevicePolicy(Enum):
    """Which well-placed devices an impression names; misplaced ones are always named."""

    NONE = "none"
    NEW = "new"
    ANY = "any"  # one sentence for all


@dataclass(frozen=True, slots=True)
class FindingsVoice:
    """Wording of the findings; each tuple holds alternatives of equal chance."""

    order: tuple[Region, ...]
    present: tuple[str, ...]
    possible: tuple[str, ...]
    changed: Mapping[Change, tuple[str, ...]]
    opening: tuple[str, ...]  # where there is a prior; "" says nothing
    denied: tuple[str, ...]  # {list} of what is absent
    asked: tuple[str, ...]  # {np} that the indication asked about, absent
    normal: Slots
    fullness: float  # chance that a normal line is said


@dataclass(frozen=True, slots=True)
class ImpressionVoice:
    """Wording and rules of the impression; no alternatives: it follows from the findings."""

    present: str
    possible: str
    changed: Mapping[Change, str]
    grouped: bool  # what shares its change stands in one sentence
    ranked: bool  # by importance, not in the order of the findings
    numbered: bool
    normal: str
    asked: str  # {np} that the indication asked about, absent
    asked_replaces_normal: bool
    minor: frozenset[Observation]  # left out where mild and not worse
    devices: DevicePolicy
    devices_fine: str  # "{device}" for DevicePolicy.NEW
    stable: str  # said in place of each "unchanged" where nothing changed; "" is never
    nodule_advice: str
    pneumonia_advice: str


@dataclass(frozen=True, slots=True)
class Style:
    """One radiologist's way of writing; `weight` is the share of the institution's patients."""

    name: str
    weight: float
    findings: FindingsVoice
    impression: ImpressionVoice


@dataclass(frozen=True, slots=True)
class Institution:
    """Styles that share a vocabulary: `nouns` in findings, `headlines` in impressions."""

    name: str
    styles: tuple[Style, ...]
    nouns: Mapping[Observation, tuple[Noun, ...]]
    headlines: Mapping[Observation, Noun]
    sizes: Mapping[Severity, str]  # of fluid, air and widening
    causes: Mapping[Cause, tuple[str, ...]]  # in findings
    cause_headlines: Mapping[Cause, str]
    absent: Mapping[Observation, tuple[str, ...]]  # nouns that can be denied
    devices: Mapping[DeviceKind, tuple[str, ...]]  # {side}, {tip}, {cm}, {new}
    misplaced: Mapping[DeviceKind, tuple[str, ...]]
    misplaced_headlines: Mapping[DeviceKind, str]
    device_names: Mapping[DeviceKind, str]
    tips: Mapping[Tip, str]
    incidentals: Mapping[Incidental, tuple[str, ...]]


FLUID = frozenset({Observation.PLEURAL_EFFUSION, Observation.PNEUMOTHORAX})
"""Observations graded small, moderate, large; the others are graded mild, moderate, severe."""
