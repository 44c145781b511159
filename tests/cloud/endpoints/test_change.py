"""What the changes do is told by test_deployment.py; here, when they hold back."""

import pytest

from radimpress.cloud.endpoints import change as endpoint_change
from radimpress.cloud.endpoints.alarms import put_alarms
from radimpress.cloud.endpoints.change import create, delete, quiet, send_update
from radimpress.cloud.endpoints.packaged_model import PackagedModel
from radimpress.cloud.endpoints.rollout import Rollout
from radimpress.runtime.errors import RadimpressError


@pytest.fixture
def rollout(session, config, monkeypatch):
    def write(scratch, _):
        (scratch / "model.tar.gz").write_bytes(b"archive")
        return scratch / "model.tar.gz"

    monkeypatch.setattr(endpoint_change, "QUIET_S", 0.2)
    monkeypatch.setattr(endpoint_change, "AGAIN_S", 0.05)
    package = PackagedModel("radimpress", "7", "ab" * 32, "cd" * 32, 10, write)
    return Rollout(session, config, package, {}, ())


def test_an_alarm_that_will_not_fall_silent_is_left_out_and_named(
    rollout, session, loopback, capsys, config
):
    names = put_alarms(session, config.deployment, "v1")
    assert quiet(rollout, names) == names
    loopback.client("cloudwatch").set_alarm_state(
        AlarmName=names[0], StateValue="ALARM", StateReason="a test"
    )
    assert quiet(rollout, names) == names[1:]
    assert f"{names[0]} rings for the version in service" in capsys.readouterr().err


def test_an_endpoint_that_is_not_there_is_deleted_already(rollout):
    delete(rollout)


def test_whoever_creates_second_is_told_no_and_takes_it(rollout, loopback):
    loopback.faults.refuse(
        "CreateEndpoint", "ValidationException", "Cannot create already existing endpoint"
    )
    assert create(rollout) is False


def test_a_busy_endpoint_is_looked_at_again(rollout, loopback):
    said = 'Cannot update in-progress endpoint "arn:aws:x".'
    loopback.faults.refuse("UpdateEndpoint", "ValidationException", said)
    assert send_update(rollout, {"EndpointName": "e", "EndpointConfigName": "c"}) is False


def test_an_endpoint_that_never_takes_an_update_is_not_asked_for_ever(
    rollout, loopback, monkeypatch
):
    monkeypatch.setattr(endpoint_change, "HELD_BACK", 2)
    said = "Cannot update endpoint: its variant has a scaling policy."
    loopback.faults.refuse("UpdateEndpoint", "ValidationException", said, times=3)
    request = {"EndpointName": "e", "EndpointConfigName": "c"}
    assert [send_update(rollout, request) for _ in range(2)] == [False, False]
    with pytest.raises(RadimpressError, match="its variant has a scaling policy"):
        send_update(rollout, request)
