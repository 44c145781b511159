import pytest

from loopback.validation import validate
from radimpress.cloud.endpoints.alarms import (
    alarm_names,
    alarm_requests,
    drop_alarm,
    put_alarms,
    put_mismatches,
    ringing,
)
from radimpress.config.cloud import Cloud
from radimpress.config.deployment import Deployment, EndpointMode

CLOUD = Cloud()


@pytest.mark.parametrize("mode", EndpointMode)
def test_aws_allows_the_alarms(mode):
    for request in alarm_requests(CLOUD, Deployment(mode=mode), "radimpress-v7"):
        assert validate("cloudwatch", "PutMetricAlarm", request) == []


def test_each_configuration_has_a_golden_alarm_of_its_own():
    first, second = (alarm_names(CLOUD, Deployment(), name) for name in ("v1", "v2"))
    assert (
        first[:2] == second[:2] == ["radimpress-radimpress-errors", "radimpress-radimpress-latency"]
    )
    assert (first[2], second[2]) == ("v1-golden", "v2-golden")
    assert len(alarm_names(CLOUD, Deployment(golden=False), "v1")) == 2


def test_thresholds_are_those_of_the_configuration_in_awss_units():
    deployment = Deployment(max_error_percent=2.5, max_latency_ms=1500)
    errors, latency, golden = alarm_requests(CLOUD, deployment, "v1")
    assert errors["Threshold"] == 2.5
    assert errors["Metrics"][-1]["Expression"] == "IF(asked > 0, 100 * errors / asked, 0)"
    assert (latency["Threshold"], latency["ExtendedStatistic"]) == (1_500_000, "p95")
    assert golden["Threshold"] == 0


def test_an_asynchronous_endpoint_counts_failed_requests():
    errors = alarm_requests(CLOUD, Deployment(mode=EndpointMode.asynchronous), "v1")[0]
    metrics = [each["MetricStat"]["Metric"]["MetricName"] for each in errors["Metrics"][:2]]
    assert metrics == ["InvocationFailures", "InvocationsProcessed"]


def test_alarms_are_put_rung_and_dropped(session, loopback):
    names = put_alarms(session, Deployment(), "v1")
    assert put_alarms(session, Deployment(), "v1") == names
    assert ringing(session, names) == []
    loopback.client("cloudwatch").set_alarm_state(
        AlarmName="v1-golden", StateValue="ALARM", StateReason="a test"
    )
    assert ringing(session, names) == ["v1-golden"]
    drop_alarm(session, "v1-golden")
    assert ringing(session, names) == []


def test_the_metric_names_endpoint_and_configuration(session, loopback):
    put_mismatches(session, "radimpress", "v1", 3)
    (metric,) = loopback.client("cloudwatch").list_metrics(Namespace="radimpress")["Metrics"]
    assert metric["MetricName"] == "GoldenMismatches"
    assert {d["Name"]: d["Value"] for d in metric["Dimensions"]} == {
        "EndpointName": "radimpress",
        "EndpointConfigName": "v1",
    }
