import pytest
from botocore.exceptions import ClientError

from radimpress.cloud.endpoints.state import (
    EndpointState,
    described_config,
    described_model,
    is_absent,
    is_busy,
    is_there_already,
    look,
)


def said(code, message):
    return ClientError({"Error": {"Code": code, "Message": message}}, "X")


def test_what_is_not_there_is_none_and_no_error(session):
    assert look(session, "none") is None
    assert described_config(session, "none") is None
    assert described_model(session, "none") is None


def test_an_endpoint_is_read(session, stand_in):
    stand_in.state = "Updating"
    seen = look(session, "stand-in")
    assert (seen.config, seen.status, seen.is_changing) == ("stand-in-1", "Updating", True)
    assert seen.bound_for == "stand-in-1"


@pytest.mark.parametrize(
    ("status", "changing", "dead"),
    [
        ("Creating", True, False),
        ("RollingBack", True, False),
        ("InService", False, False),
        ("Failed", False, True),
        ("OutOfService", False, True),
        ("UpdateRollbackFailed", False, False),
    ],
)
def test_a_status_says_what_to_do(status, changing, dead):
    seen = EndpointState("e", "arn", status, "c", "d")
    assert (seen.is_changing, seen.is_dead, seen.bound_for) == (changing, dead, "d")


def test_refusals_are_told_apart_by_awss_words():
    gone = said("ValidationException", 'Could not find endpoint "arn:aws:x".')
    twice = said("ValidationException", 'Cannot create already existing model "arn:aws:x".')
    busy = said("ValidationException", 'Cannot update in-progress endpoint "arn:aws:x".')
    bad = said("ValidationException", "The instance type is not supported.")
    assert [is_absent(e) for e in (gone, twice, busy, bad)] == [True, False, False, False]
    assert [is_there_already(e) for e in (gone, twice, busy, bad)] == [False, True, False, False]
    assert [is_busy(e) for e in (gone, twice, busy, bad)] == [False, False, True, False]
