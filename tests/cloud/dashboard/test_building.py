import pytest

from radimpress.cloud.dashboard import building
from radimpress.cloud.dashboard.building import built
from radimpress.runtime.errors import RadimpressError


@pytest.fixture
def clock(monkeypatch):
    """Time that passes only where somebody sleeps."""
    now = [0.0]
    monkeypatch.setattr(building.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(
        building.time, "sleep", lambda seconds: now.__setitem__(0, now[0] + seconds)
    )
    return now


def test_quicksight_gets_time_to_build(clock):
    said = iter(["UPDATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "UPDATE_SUCCESSFUL"])
    built("it", lambda: {"Status": next(said)})
    assert clock == [2 * building.POLL_S]


def test_but_not_for_ever(clock):
    with pytest.raises(RadimpressError, match=r"not built it after 300 s \(CREATION_IN_PROGRESS"):
        built("it", lambda: {"Status": "CREATION_IN_PROGRESS"})
    assert clock[0] == pytest.approx(300, abs=building.POLL_S)


def test_a_failure_comes_at_once_with_every_reason(clock):
    errors = [{"Type": "A", "Message": "one"}, {"Type": "B", "Message": "two"}]
    with pytest.raises(RadimpressError, match=r"\(UPDATE_FAILED; A: one; B: two\)"):
        built("it", lambda: {"Status": "UPDATE_FAILED", "Errors": errors})
    assert clock == [0.0]


def test_a_failure_without_a_reason_is_one_too(clock):
    with pytest.raises(RadimpressError, match=r"did not build it \(DELETED\)"):
        built("it", lambda: {"Status": "DELETED", "Errors": []})
    assert clock == [0.0]
