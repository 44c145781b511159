import pytest

from radimpress.corpus.synthetic.devices import DeviceKind, Tip, placed, stated_of_device
from radimpress.corpus.synthetic.observations import Observation, Presence, Side
from radimpress.corpus.synthetic.streams import stream


@pytest.mark.parametrize("kind", DeviceKind)
def test_a_device_is_placed_as_its_kind_allows(kind):
    rng = stream("devices", kind.value)
    for device in (placed(kind, rng) for _ in range(300)):
        assert (device.tenths is not None) == (kind is DeviceKind.TRACHEAL_TUBE)
        if device.tip is Tip.ATRIUM:
            assert device.misplaced
        if device.tenths is not None:
            assert device.misplaced == (device.tenths < 20)


def test_hardware_that_cannot_be_misplaced_never_is():
    rng = stream("hardware")
    fixed = (DeviceKind.PORT, DeviceKind.PACEMAKER, DeviceKind.STERNOTOMY, DeviceKind.CHEST_TUBE)
    assert not any(placed(kind, rng).misplaced for kind in fixed for _ in range(200))


def test_a_chest_tube_states_support_devices_on_its_side():
    tube = placed(DeviceKind.CHEST_TUBE, stream("tube"))
    stated = stated_of_device(tube)
    assert (stated.observation, stated.presence) == (
        Observation.SUPPORT_DEVICES,
        Presence.POSITIVE,
    )
    assert stated.sides in ((Side.LEFT,), (Side.RIGHT,))
