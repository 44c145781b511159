"""The three changes of an endpoint: create, update, delete. Each may be asked twice."""

import sys
import time
from typing import Any

from radimpress.cloud.endpoints import autoscaling
from radimpress.cloud.endpoints.alarms import put_alarms, ringing
from radimpress.cloud.endpoints.config import mode_of
from radimpress.cloud.endpoints.cost import deployment_cost
from radimpress.cloud.endpoints.parts import make_parts
from radimpress.cloud.endpoints.refusal import refused
from radimpress.cloud.endpoints.rollout import Rollout
from radimpress.cloud.endpoints.state import (
    EndpointState,
    described_config,
    is_absent,
    is_busy,
    is_there_already,
    look,
)
from radimpress.cloud.endpoints.update import update_request
from radimpress.cloud.endpoints.wait import settled
from radimpress.cloud.refusals import spoken
from radimpress.cloud.tags import COMMIT, tags
from radimpress.config.deployment import EndpointMode
from radimpress.runtime.errors import RadimpressError

QUIET_S = 90.0  # for an alarm that rings because of an update that failed a moment ago
AGAIN_S = 5.0  # before an endpoint that somebody else changes is looked at again
HELD_BACK = 60  # such looks: minutes, which no change begins later than
SLACK_S = 1800.0  # beyond what a change may take by its own settings


def create(rollout: Rollout) -> bool:
    """Ask for the endpoint; False where somebody else was first."""
    _make_parts(rollout)
    put_alarms(rollout.session, rollout.deployment, rollout.names.config)
    client = rollout.sagemaker
    with spoken(f"create endpoint {rollout.endpoint}"):
        try:
            client.create_endpoint(
                EndpointName=rollout.endpoint,
                EndpointConfigName=rollout.names.config,
                Tags=tags(rollout.session.cloud, "endpoint"),
            )
        except client.exceptions.ClientError as error:
            if not is_there_already(error):
                raise
            return False
    return True


def update(rollout: Rollout, seen: EndpointState) -> bool:
    """Ask for the update; False where somebody else is changing the endpoint."""
    deployment = rollout.deployment
    _make_parts(rollout)
    present = described_config(rollout.session, seen.config)
    if present:
        _refuse_other_mode(rollout, present)
    alarms: list[str] = []
    if deployment.mode is not EndpointMode.serverless:
        alarms = quiet(rollout, put_alarms(rollout.session, deployment, rollout.names.config))
    request = update_request(deployment, rollout.names.config, alarms)
    if present is None or _machine(present) == deployment.instance_type:
        return send_update(rollout, request)
    rollout.pause_scaling()  # last of all, for AWS would refuse; `accept` sets it anew
    try:
        sent = send_update(rollout, request)
    except RadimpressError:
        rollout.resume_scaling()
        raise
    if not sent:
        rollout.resume_scaling()
    return sent


def send_update(rollout: Rollout, request: dict[str, Any]) -> bool:
    """UpdateEndpoint; False where it has to wait for another change.

    Raises RadimpressError, in AWS's words, where it says so HELD_BACK times and nothing changes.
    """
    client = rollout.sagemaker
    with spoken(f"update endpoint {rollout.endpoint}"):
        try:
            client.update_endpoint(**request)
        except client.exceptions.ClientError as error:
            rollout.held_back += 1
            if not is_busy(error) or rollout.held_back > HELD_BACK:
                raise
            time.sleep(AGAIN_S)
            return False
    return True


def delete(rollout: Rollout) -> None:
    """Delete the endpoint and wait until it is gone."""
    autoscaling.release(rollout.session, rollout.endpoint)
    client = rollout.sagemaker
    with spoken(f"delete endpoint {rollout.endpoint}"):
        try:
            client.delete_endpoint(EndpointName=rollout.endpoint)
        except client.exceptions.ClientError as error:
            if not is_absent(error):
                raise
    if (left := look(rollout.session, rollout.endpoint)) is not None:
        settled(rollout.session, left, SLACK_S)


def quiet(rollout: Rollout, alarms: list[str]) -> list[str]:
    """Those that are silent: one that rings now would end the update before it began.

    An alarm of the last update falls silent by itself; one of the version in service may not, and
    must not keep a better version away.
    """
    deadline = time.monotonic() + QUIET_S
    while (loud := ringing(rollout.session, alarms)) and time.monotonic() < deadline:
        time.sleep(AGAIN_S)
    if loud:
        print(
            f"warning: {', '.join(loud)} rings for the version in service; this update is not "
            "rolled back by it",
            file=sys.stderr,
        )
    return [name for name in alarms if name not in loud]


def _make_parts(rollout: Rollout) -> None:
    cost = deployment_cost(rollout.deployment)
    print(f"endpoint {rollout.endpoint}: {cost}", file=sys.stderr, flush=True)
    make_parts(
        rollout.session,
        rollout.place,
        rollout.deployment,
        rollout.package,
        rollout.names,
        rollout.lineage.get(COMMIT, ""),
    )


def _refuse_other_mode(rollout: Rollout, present: dict[str, Any]) -> None:
    """Refuse what no update can do."""
    was, wanted = mode_of(present), rollout.deployment.mode
    if was is not wanted:
        raise refused(
            f"endpoint {rollout.endpoint} is {was.value} and cannot become {wanted.value}",
            "set deployment.endpoint to another name, or remove this one first",
        )


def _machine(present: dict[str, Any]) -> str | None:
    machine = present["ProductionVariants"][0].get("InstanceType")
    return str(machine) if machine else None
