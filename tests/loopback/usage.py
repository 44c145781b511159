"""The metrics that SageMaker keeps of invocations, put into CloudWatch as they happen.

AWS gathers them by the minute; here each is there at once, and an alarm's period is short.
"""

from typing import Any

from loopback.call import ACCOUNT

NAMESPACE = "AWS/SageMaker"


def _put(region: str, data: list[dict[str, Any]]) -> None:
    from moto.cloudwatch.models import cloudwatch_backends

    cloudwatch_backends[ACCOUNT][region].put_metric_data(NAMESPACE, data)


def count_invocation(
    region: str,
    dimensions: dict[str, str],
    status: int,
    model_s: float,
    overhead_s: float,
    instances: int,
) -> None:
    """Count one request to a variant of an endpoint.

    `status` is the container's, 0 where it gave none; `dimensions` EndpointName, VariantName and
    EndpointConfigName, the last of which is left out in a second copy of each metric.
    """
    plain = {
        "Invocations": (1.0, "None"),
        "InvocationsPerInstance": (1.0 / max(instances, 1), "None"),
        "Invocation4XXErrors": (float(400 <= status < 500), "None"),
        "Invocation5XXErrors": (float(status == 0 or status >= 500), "None"),
        "InvocationModelErrors": (float(not 200 <= status < 300), "None"),
        "ModelLatency": (model_s * 1e6, "Microseconds"),
        "OverheadLatency": (overhead_s * 1e6, "Microseconds"),
    }
    without = {k: v for k, v in dimensions.items() if k != "EndpointConfigName"}
    listed = [[{"Name": k, "Value": v} for k, v in kept.items()] for kept in (without, dimensions)]
    _put(
        region,
        [
            {"MetricName": name, "Value": value, "Unit": unit, "Dimensions": each}
            for name, (value, unit) in plain.items()
            for each in listed
        ],
    )


def count_backlog(region: str, endpoint: str, waiting: int, instances: int) -> None:
    """Say how many requests wait in the queue of an asynchronous endpoint."""
    _put_of_endpoint(
        region,
        endpoint,
        {
            "ApproximateBacklogSize": waiting,
            "ApproximateBacklogSizePerInstance": waiting / max(instances, 1),
            "HasBacklogWithoutCapacity": waiting > 0 and not instances,
        },
    )


def count_processed(region: str, endpoint: str, is_failed: bool, total_s: float) -> None:
    """Count one request that an asynchronous endpoint has done with, `total_s` after it came."""
    _put_of_endpoint(
        region,
        endpoint,
        {
            "InvocationsProcessed": 1,
            "InvocationFailures": is_failed,
            "TotalProcessingTime": total_s * 1e3,
        },
    )


def _put_of_endpoint(region: str, endpoint: str, values: dict[str, float]) -> None:
    dimensions = [{"Name": "EndpointName", "Value": endpoint}]
    _put(
        region,
        [
            {"MetricName": name, "Value": float(value), "Dimensions": dimensions}
            for name, value in values.items()
        ],
    )
