"""The CloudWatch alarms that watch an endpoint, and roll an update back while it bakes."""

from typing import Any

from radimpress.cloud.endpoints.config import VARIANT
from radimpress.cloud.refusals import spoken
from radimpress.cloud.session import Session
from radimpress.cloud.tags import tags
from radimpress.config.cloud import Cloud
from radimpress.config.deployment import Deployment, EndpointMode

MISMATCHES = "GoldenMismatches"
MINUTE = 60
GOLDEN_PERIOD = 10  # seconds; the metric is written with a resolution of one
MICROSECONDS = 1000  # a millisecond


def alarm_names(cloud: Cloud, deployment: Deployment, config_name: str) -> list[str]:
    """Those of the update to `config_name`.

    The golden alarm is the configuration's own: that of an update that failed a minute ago must
    not roll back the next one.
    """
    stem = f"{cloud.project}-{deployment.endpoint}"
    golden = [golden_alarm(config_name)] if deployment.golden else []
    return [f"{stem}-errors", f"{stem}-latency", *golden]


def golden_alarm(config_name: str) -> str:
    """The name of the alarm over the golden cases of one configuration."""
    return f"{config_name}-golden"


def golden_dimensions(endpoint: str, config_name: str) -> list[dict[str, str]]:
    """The dimensions of our own metric."""
    return [
        {"Name": "EndpointName", "Value": endpoint},
        {"Name": "EndpointConfigName", "Value": config_name},
    ]


def alarm_requests(cloud: Cloud, deployment: Deployment, config_name: str) -> list[dict[str, Any]]:
    """PutMetricAlarm for each, in the order of `alarm_names`."""
    errors, latency, *golden = alarm_names(cloud, deployment, config_name)
    made = [_errors(errors, deployment), _latency(latency, deployment)]
    made += [_golden(cloud, name, deployment.endpoint, config_name) for name in golden]
    common = {
        "EvaluationPeriods": 1,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "notBreaching",
        "Tags": tags(cloud, "alarm"),
    }
    return [{**request, **common} for request in made]


def put_alarms(session: Session, deployment: Deployment, config_name: str) -> list[str]:
    """Create or correct the alarms; returns their names."""
    client = session.client("cloudwatch")
    requests = alarm_requests(session.cloud, deployment, config_name)
    with spoken("create the alarms of the endpoint"):
        for request in requests:
            client.put_metric_alarm(**request)
    return [str(request["AlarmName"]) for request in requests]


def ringing(session: Session, names: list[str]) -> list[str]:
    """Which of the alarms are in the state ALARM."""
    with spoken("read the alarms of the endpoint"):
        found = session.client("cloudwatch").describe_alarms(AlarmNames=names)["MetricAlarms"]
    return [str(alarm["AlarmName"]) for alarm in found if alarm["StateValue"] == "ALARM"]


def drop_alarm(session: Session, name: str) -> None:
    """Delete an alarm; one that is not there needs no deleting."""
    with spoken(f"delete alarm {name}"):
        session.client("cloudwatch").delete_alarms(AlarmNames=[name])


def put_mismatches(session: Session, endpoint: str, config_name: str, count: int) -> None:
    """Write our own metric, in the namespace of the project: golden cases too many that fail."""
    datum = {
        "MetricName": MISMATCHES,
        "Dimensions": golden_dimensions(endpoint, config_name),
        "Value": float(count),
        "Unit": "Count",
        "StorageResolution": 1,
    }
    with spoken("write the golden metric"):
        session.client("cloudwatch").put_metric_data(
            Namespace=session.cloud.project, MetricData=[datum]
        )


def _errors(name: str, deployment: Deployment) -> dict[str, Any]:
    """5xx answers (of an asynchronous endpoint: failures), in percent of what was asked."""
    if deployment.mode is EndpointMode.asynchronous:
        bad, every, dimensions = "InvocationFailures", "InvocationsProcessed", []
    else:
        bad, every = "Invocation5XXErrors", "Invocations"
        dimensions = [{"Name": "VariantName", "Value": VARIANT}]
    dimensions = [{"Name": "EndpointName", "Value": deployment.endpoint}, *dimensions]

    def total(metric: str) -> dict[str, Any]:
        named = {"Namespace": "AWS/SageMaker", "MetricName": metric, "Dimensions": dimensions}
        return {"Metric": named, "Period": MINUTE, "Stat": "Sum"}

    percent = "IF(asked > 0, 100 * errors / asked, 0)"
    return {
        "AlarmName": name,
        "AlarmDescription": f"{deployment.endpoint} fails more than it may",
        "Metrics": [
            {"Id": "errors", "MetricStat": total(bad), "ReturnData": False},
            {"Id": "asked", "MetricStat": total(every), "ReturnData": False},
            {"Id": "percent", "Expression": percent, "Label": "errors", "ReturnData": True},
        ],
        "Threshold": deployment.max_error_percent,
    }


def _latency(name: str, deployment: Deployment) -> dict[str, Any]:
    return {
        "AlarmName": name,
        "AlarmDescription": f"{deployment.endpoint} answers slower than it may",
        "Namespace": "AWS/SageMaker",
        "MetricName": "ModelLatency",
        "Dimensions": [
            {"Name": "EndpointName", "Value": deployment.endpoint},
            {"Name": "VariantName", "Value": VARIANT},
        ],
        "Period": MINUTE,
        "ExtendedStatistic": "p95",
        "Threshold": deployment.max_latency_ms * MICROSECONDS,
    }


def _golden(cloud: Cloud, name: str, endpoint: str, config_name: str) -> dict[str, Any]:
    return {
        "AlarmName": name,
        "AlarmDescription": f"{endpoint} answers golden cases wrongly",
        "Namespace": cloud.project,
        "MetricName": MISMATCHES,
        "Dimensions": golden_dimensions(endpoint, config_name),
        "Period": GOLDEN_PERIOD,
        "Statistic": "Maximum",
        "Threshold": 0.0,
    }
