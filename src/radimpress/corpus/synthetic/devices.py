"""Tubes, lines and hardware, and where their tips lie."""

import random
from dataclasses import dataclass
from enum import Enum

from radimpress.corpus.synthetic.observations import (
    Change,
    Observation,
    Presence,
    Side,
    Stated,
)


class DeviceKind(Enum):
    """Hardware that a chest radiograph shows."""

    TRACHEAL_TUBE = "endotracheal tube"
    GASTRIC_TUBE = "nasogastric tube"
    JUGULAR_LINE = "internal jugular catheter"
    PICC = "PICC"
    PORT = "port"
    PACEMAKER = "pacemaker"
    STERNOTOMY = "sternotomy wires"
    CHEST_TUBE = "chest tube"


class Tip(Enum):
    """Where the tip of a central line lies."""

    MID_SVC = "mid SVC"
    LOW_SVC = "low SVC"
    JUNCTION = "cavoatrial junction"
    ATRIUM = "atrium"  # too deep


@dataclass(frozen=True, slots=True)
class Device:
    """One device of one study.

    `tenths` is the distance from tracheal tube tip to carina in millimetres (42 reads "4.2 cm").
    `misplaced` devices are named in every impression. `change` is NEW, UNCHANGED or None.
    """

    kind: DeviceKind
    side: Side | None = None
    tip: Tip | None = None
    tenths: int | None = None
    misplaced: bool = False
    change: Change | None = None


MISPLACED_SHARE = 0.12


def placed(kind: DeviceKind, rng: random.Random) -> Device:
    """A device as it is first seen."""
    misplaced = rng.random() < MISPLACED_SHARE
    if kind is DeviceKind.TRACHEAL_TUBE:
        tenths = rng.randint(9, 19) if misplaced else rng.randint(28, 64)
        return Device(kind, tenths=tenths, misplaced=misplaced)
    if kind is DeviceKind.GASTRIC_TUBE:
        return Device(kind, misplaced=misplaced)
    if kind in (DeviceKind.JUGULAR_LINE, DeviceKind.PICC, DeviceKind.PORT):
        misplaced = misplaced and kind is not DeviceKind.PORT
        tip = Tip.ATRIUM if misplaced else rng.choice([Tip.MID_SVC, Tip.LOW_SVC, Tip.JUNCTION])
        return Device(kind, rng.choice(list(Side)), tip, misplaced=misplaced)
    if kind is DeviceKind.PACEMAKER:
        return Device(kind, Side.LEFT if rng.random() < 0.85 else Side.RIGHT)
    return Device(kind, rng.choice(list(Side)) if kind is DeviceKind.CHEST_TUBE else None)


PERMANENT = frozenset({DeviceKind.PORT, DeviceKind.PACEMAKER, DeviceKind.STERNOTOMY})
"""Hardware that stays in the patient from study to study."""


def stated_of_device(device: Device) -> Stated:
    """What a sentence about `device` states."""
    sides = (device.side,) if device.side else ()
    return Stated(Observation.SUPPORT_DEVICES, Presence.POSITIVE, sides)
