"""What stands around an endpoint: autoscaling, alarms and logs."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from radimpress.cloud.inventory.resource import (
    HOURS_A_MONTH,
    Kind,
    Look,
    Resource,
    in_parallel,
)
from radimpress.cloud.session import Session
from radimpress.cloud.tags import PROJECT, is_ours

ALARM_USD_A_MONTH = 0.10  # CloudWatch, us-east-1, standard resolution
HIGH_RESOLUTION_USD_A_MONTH = 0.30  # periods below a minute
LOG_USD_A_GB_MONTH = 0.03
ENDPOINT_LOGS = "/aws/sagemaker/Endpoints/"
JOB_LOGS = {
    Kind.training_job: "/aws/sagemaker/TrainingJobs",
    Kind.processing_job: "/aws/sagemaker/ProcessingJobs",
    Kind.transform_job: "/aws/sagemaker/TransformJobs",
}


class Scaling:
    """Scalable targets of our endpoints."""

    kind = Kind.scaling

    def find(self, session: Session, look: Look) -> Iterator[Resource]:
        """Autoscaling of endpoints that are ours; it is free."""
        client = session.client("application-autoscaling")
        pages = client.get_paginator("describe_scalable_targets")
        for page in pages.paginate(ServiceNamespace="sagemaker"):
            for target in page["ScalableTargets"]:
                if target["ResourceId"].split("/")[1] in look.endpoints:
                    yield self._resource(target)

    def remove(self, session: Session, resource: Resource) -> None:
        """Deregister it, with its policies and their alarms."""
        session.client("application-autoscaling").deregister_scalable_target(
            ServiceNamespace="sagemaker", ResourceId=resource.name, ScalableDimension=resource.note
        )

    def _resource(self, target: dict[str, Any]) -> Resource:
        size = f"{target['MinCapacity']} to {target['MaxCapacity']} instances"
        name, dimension = target["ResourceId"], target["ScalableDimension"]
        arn = target.get("ScalableTargetARN", name)
        return Resource(self.kind, name, arn, size, 0.0, target["CreationTime"], dimension)


class Alarms:
    """CloudWatch alarms with our tag."""

    kind = Kind.alarm

    def find(self, session: Session, look: Look) -> Iterator[Resource]:  # noqa: ARG002  # fixed
        """Metric alarms, wherever their names come from."""
        client = session.client("cloudwatch")
        pages = client.get_paginator("describe_alarms").paginate(AlarmTypes=["MetricAlarm"])
        alarms = [alarm for page in pages for alarm in page["MetricAlarms"]]

        def ours(alarm: dict[str, Any]) -> bool:
            tags = client.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
            return is_ours(tags, session.cloud)

        for alarm, belongs in zip(alarms, in_parallel(ours, alarms), strict=True):
            if belongs:
                yield self._resource(alarm)

    def remove(self, session: Session, resource: Resource) -> None:
        """Delete it."""
        session.client("cloudwatch").delete_alarms(AlarmNames=[resource.name])

    def _resource(self, alarm: dict[str, Any]) -> Resource:
        is_high = int(alarm.get("Period") or 60) < 60
        usd = (HIGH_RESOLUTION_USD_A_MONTH if is_high else ALARM_USD_A_MONTH) / HOURS_A_MONTH
        created = alarm.get("AlarmConfigurationUpdatedTimestamp")
        name, arn, state = alarm["AlarmName"], alarm["AlarmArn"], alarm["StateValue"]
        return Resource(self.kind, name, arn, state, usd, created)


class Logs:
    """Log groups of our endpoints, and what our jobs wrote to the groups that all jobs share.

    SageMaker makes the groups itself, without tags: `mark` tags that of an endpoint before the
    endpoint goes, so that it is still known for ours afterwards.
    """

    kind = Kind.log

    def find(self, session: Session, look: Look) -> Iterator[Resource]:
        """Groups of endpoints that are ours or were."""
        client = session.client("logs")
        pages = client.get_paginator("describe_log_groups")
        for page in pages.paginate(logGroupNamePrefix=ENDPOINT_LOGS):
            for group in page["logGroups"]:
                endpoint = group["logGroupName"].removeprefix(ENDPOINT_LOGS)
                if endpoint in look.endpoints or _is_marked(session, group):
                    yield self._resource(group)

    def remove(self, session: Session, resource: Resource) -> None:
        """Delete the group with all it holds."""
        session.client("logs").delete_log_group(logGroupName=resource.name)

    def mark(self, session: Session, endpoints: Iterable[str]) -> None:
        """Tag the groups of `endpoints` as this project's, where there are any and it is allowed.

        Without the tag they are only not found later, so a refusal is no reason to stop.
        """
        client = session.client("logs")
        for name in endpoints:
            with suppress(client.exceptions.ClientError):
                pages = client.describe_log_groups(logGroupNamePrefix=f"{ENDPOINT_LOGS}{name}")
                for group in pages["logGroups"]:
                    if group["logGroupName"] == f"{ENDPOINT_LOGS}{name}":
                        tags = {PROJECT: session.cloud.project}
                        client.tag_resource(resourceArn=_arn(group), tags=tags)

    def _resource(self, group: dict[str, Any]) -> Resource:
        size = int(group.get("storedBytes", 0))
        usd = size / 1e9 * LOG_USD_A_GB_MONTH / HOURS_A_MONTH
        created = datetime.fromtimestamp(group["creationTime"] / 1000, UTC)
        name, note = group["logGroupName"], f"{size / 1e6:,.1f} MB"
        return Resource(self.kind, name, _arn(group), note, usd, created, is_data=True)


def remove_job_logs(session: Session, job: Resource) -> None:
    """Delete what an ended job wrote to the log group of its kind."""
    client, group = session.client("logs"), JOB_LOGS.get(job.kind)
    if group is None:
        return
    pages = client.get_paginator("describe_log_streams")
    found = pages.paginate(logGroupName=group, logStreamNamePrefix=f"{job.name}/")
    for stream in [each for page in found for each in page["logStreams"]]:
        client.delete_log_stream(logGroupName=group, logStreamName=stream["logStreamName"])


def _is_marked(session: Session, group: dict[str, Any]) -> bool:
    tags = session.client("logs").list_tags_for_resource(resourceArn=_arn(group))["tags"]
    return bool(tags.get(PROJECT) == session.cloud.project)


def _arn(group: dict[str, Any]) -> str:
    return str(group.get("logGroupArn") or group["arn"].removesuffix(":*"))
