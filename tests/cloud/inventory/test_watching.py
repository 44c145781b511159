import pytest

from radimpress.cloud.inventory.resource import Look
from radimpress.cloud.inventory.watching import Alarms, Logs, Scaling

GROUP = "/aws/sagemaker/Endpoints/radimpress-endpoint"


def names(section, session, look):
    return [each.name for each in section.find(session, look)]


def test_autoscaling_belongs_to_whom_its_endpoint_belongs(session, filled):
    ours = Look(endpoints=frozenset({"radimpress-endpoint"}))
    assert names(Scaling(), session, ours) == ["endpoint/radimpress-endpoint/variant/all"]
    assert names(Scaling(), session, Look()) == []


def test_logs_of_a_deleted_endpoint_are_known_by_their_mark(session, filled):
    assert names(Logs(), session, Look()) == []
    Logs().mark(session, ["radimpress-endpoint", "never-logged"])
    assert names(Logs(), session, Look()) == [GROUP]


def test_a_mark_that_is_not_allowed_is_no_reason_to_stop(session, filled, loopback):
    loopback.faults.refuse("TagResource", "AccessDeniedException", "no", times=9)
    Logs().mark(session, ["radimpress-endpoint"])
    assert names(Logs(), session, Look()) == []


def test_an_alarm_of_high_resolution_costs_thrice(session, filled):
    (alarm,) = Alarms().find(session, Look())
    assert alarm.usd_per_month == pytest.approx(0.10)
