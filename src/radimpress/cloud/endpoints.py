"""Brings a SageMaker endpoint to a version, from wherever it stands, as often as it is asked.

There is no record of what was begun but SageMaker itself: every step looks first, names are made of
contents, and what is there is taken. So the first deployment, an update, one that was killed and
one that failed are all the same loop:

    absent                        create it
    failed                        delete it, then create it
    being changed                 wait; ask the golden cases where the change is ours
    in service with another       update it, blue/green
    in service with ours          ask the golden cases once, then tag it as accepted
    ... but it went back          refused: an alarm rolled it back
"""

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from radimpress.cloud import autoscaling
from radimpress.cloud.deployment_alarms import (
    alarm_names,
    drop_alarm,
    golden_alarm,
    put_alarms,
    ringing,
)
from radimpress.cloud.deployment_cost import deployment_cost, refuse_dear
from radimpress.cloud.endpoint_config import Names, Place, lineage_tags, mode_of, names
from radimpress.cloud.endpoint_logs import last_lines
from radimpress.cloud.endpoint_parts import make_parts
from radimpress.cloud.endpoint_refusal import EndpointRefusedError, refused
from radimpress.cloud.endpoint_state import (
    EndpointState,
    described_config,
    is_absent,
    is_busy,
    is_there_already,
    look,
)
from radimpress.cloud.endpoint_update import update_request
from radimpress.cloud.endpoint_wait import settled
from radimpress.cloud.golden_check import GoldenCheck
from radimpress.cloud.golden_watch import GoldenCase
from radimpress.cloud.images_serving import serving_image
from radimpress.cloud.packaged_model import PackagedModel
from radimpress.cloud.session import Session, spoken
from radimpress.cloud.tags import ACCEPTED, COMMIT, PROJECT, VERSION, is_ours, tagged, tags
from radimpress.config.deployment import EndpointMode
from radimpress.config.schema import Access, Config

QUIET_S = 90.0  # for an alarm that rings because of an update that failed a moment ago
AGAIN_S = 5.0
SLACK_S = 1800.0  # beyond what an update may take by its own settings


@dataclass(frozen=True, slots=True)
class Deployed:
    """An endpoint that serves what it was asked to."""

    endpoint: str
    version: str
    config: str
    changed: bool  # False where it served it already


def deploy(
    session: Session,
    config: Config,
    package: PackagedModel,
    lineage: Mapping[str, str],
    golden: Sequence[GoldenCase],
) -> Deployed:
    """Block until the endpoint of `config.deployment` serves `package`. Asking twice is once.

    `lineage` is the tags that say where the version comes from. Raises EndpointRefusedError where
    the endpoint does not take it (it is too dear, fails, is rolled back by an alarm, or answers
    golden cases wrongly): it then serves what it served, or nothing. Raises RadimpressError where
    AWS does not do what it is asked, or cannot be asked (`endpoint_refusal.is_outage`).
    """
    refuse_dear(config.deployment)
    return _Deployment(session, config, package, lineage, golden).run()


def serving_version(session: Session, name: str) -> str | None:
    """The version that endpoint `name` answers with, by the tags of its configuration."""
    seen = look(session, name)
    if seen is None or seen.is_dead or seen.status == "Creating":
        return None
    return config_version(session, seen.config)


def config_version(session: Session, config_name: str) -> str | None:
    """The version that an endpoint configuration stands for."""
    described = described_config(session, config_name)
    if described is None:
        return None
    return tags_of(session, str(described["EndpointConfigArn"])).get(VERSION)


def tags_of(session: Session, arn: str) -> dict[str, str]:
    """The tags of a SageMaker resource."""
    with spoken(f"read the tags of {arn.rpartition(':')[2]}"):
        pages = session.client("sagemaker").get_paginator("list_tags").paginate(ResourceArn=arn)
        return tagged(tag for page in pages for tag in page["Tags"])


class _Deployment:
    """One call of `deploy`."""

    def __init__(
        self,
        session: Session,
        config: Config,
        package: PackagedModel,
        lineage: Mapping[str, str],
        golden: Sequence[GoldenCase],
    ) -> None:
        self._session, self._package, self._lineage = session, package, dict(lineage)
        self._deployment, self._name = config.deployment, config.deployment.endpoint
        self._public = config.data.access is Access.public
        self._client = session.client("sagemaker")
        self._golden = golden if config.deployment.golden else ()
        self._began = False  # whether the change to our configuration was seen or made here
        self._changed = False

    @cached_property
    def _place(self) -> Place:
        image = serving_image(self._session, self._deployment)
        return Place(self._session.cloud, self._session.role_arn, self._session.bucket, image)

    @cached_property
    def _names(self) -> Names:
        return names(self._place, self._deployment, self._package)

    @cached_property
    def _check(self) -> GoldenCheck:
        return GoldenCheck(
            self._session,
            self._deployment,
            self._names.config,
            self._package.version,
            self._golden,
        )

    def run(self) -> Deployed:
        while True:
            seen = look(self._session, self._name)
            if seen is not None and seen.status != "Deleting":
                self._refuse_strangers(seen)
            if seen is None:
                self._refuse_if_gone()
                self._create()
            elif seen.is_changing:
                self._wait(seen)
            elif seen.is_dead:
                self._replace(seen)
            elif seen.status != "InService":
                raise refused(
                    f"endpoint {self._name} is {seen.status}: {seen.reason}",
                    "remove it (`radimpress teardown`), then run the same again",
                )
            elif seen.config == self._names.config:
                return self._accept(seen)
            elif self._began:
                raise self._rolled_back(seen)
            else:
                self._update(seen)

    def _refuse_strangers(self, seen: EndpointState) -> None:
        found = tags_of(self._session, seen.arn)
        if not is_ours([{"Key": k, "Value": v} for k, v in found.items()], self._session.cloud):
            raise refused(
                f"endpoint {self._name} does not carry the tag {PROJECT}="
                f"{self._session.cloud.project}: it is somebody else's",
                "set deployment.endpoint to another name",
            )

    def _refuse_if_gone(self) -> None:
        if self._began:
            raise refused(
                f"endpoint {self._name} was deleted while it was being deployed",
                "find out by whom, then run the same again",
            )

    def _make_parts(self) -> None:
        cost = deployment_cost(self._deployment)
        print(f"endpoint {self._name}: {cost}", file=sys.stderr, flush=True)
        commit = self._lineage.get(COMMIT, "")
        make_parts(self._session, self._place, self._deployment, self._package, self._names, commit)

    def _create(self) -> None:
        self._make_parts()
        put_alarms(self._session, self._deployment, self._names.config)
        with spoken(f"create endpoint {self._name}"):
            try:
                self._client.create_endpoint(
                    EndpointName=self._name,
                    EndpointConfigName=self._names.config,
                    Tags=tags(self._session.cloud, "endpoint"),
                )
            except self._client.exceptions.ClientError as error:
                if not is_there_already(error):
                    raise
                return
        self._began = self._changed = True

    def _wait(self, seen: EndpointState) -> None:
        ours = seen.bound_for == self._names.config and seen.status in ("Creating", "Updating")
        self._began = self._began or ours
        settled(
            self._session,
            seen,
            3.0 * self._deployment.startup_s + 2.0 * self._deployment.canary_wait_s + SLACK_S,
            self._check.while_it_bakes if ours else lambda _: None,
        )

    def _replace(self, seen: EndpointState) -> None:
        """A failed endpoint cannot be updated; one that failed just now is a refusal."""
        if self._began:
            raise refused(
                f"endpoint {self._name} did not start with version {self._package.version}: "
                f"{seen.reason or seen.status}{self._log()}",
                "mend that and run the same again: the failed endpoint will be replaced",
            )
        self._delete()

    def _delete(self) -> None:
        autoscaling.release(self._session, self._name)
        with spoken(f"delete endpoint {self._name}"):
            try:
                self._client.delete_endpoint(EndpointName=self._name)
            except self._client.exceptions.ClientError as error:
                if not is_absent(error):
                    raise
        left = look(self._session, self._name)
        if left is not None:
            settled(self._session, left, SLACK_S)
        self._changed = True

    def _update(self, seen: EndpointState) -> None:
        self._make_parts()
        present = described_config(self._session, seen.config) or {}
        if present:
            self._prepare_scaling(present)
        alarms: list[str] = []
        if self._deployment.mode is not EndpointMode.serverless:
            alarms = self._quiet(put_alarms(self._session, self._deployment, self._names.config))
        if self._send_update(update_request(self._deployment, self._names.config, alarms)):
            self._began = self._changed = True

    def _send_update(self, request: dict[str, Any]) -> bool:
        """False where somebody else is changing the endpoint: wait for that first."""
        with spoken(f"update endpoint {self._name}"):
            try:
                self._client.update_endpoint(**request)
            except self._client.exceptions.ClientError as error:
                if not is_busy(error):
                    raise
                time.sleep(AGAIN_S)
                return False
        return True

    def _prepare_scaling(self, present: dict[str, Any]) -> None:
        if mode_of(present) is not self._deployment.mode:
            raise refused(
                f"endpoint {self._name} is {mode_of(present).value} and cannot become "
                f"{self._deployment.mode.value}",
                "set deployment.endpoint to another name, or remove this one first",
            )
        machine = present["ProductionVariants"][0].get("InstanceType")
        if machine != self._deployment.instance_type:
            autoscaling.release(self._session, self._name)  # set again when it is accepted

    def _quiet(self, alarms: list[str]) -> list[str]:
        """Those that are silent: one that rings now would end the update before it began.

        An alarm of the last update falls silent by itself; one of the version in service may not,
        and must not keep a better version away.
        """
        deadline = time.monotonic() + QUIET_S
        while (loud := ringing(self._session, alarms)) and time.monotonic() < deadline:
            time.sleep(AGAIN_S)
        if loud:
            print(
                f"warning: {', '.join(loud)} rings for the version in service; this update is not "
                "rolled back by it",
                file=sys.stderr,
            )
        return [name for name in alarms if name not in loud]

    def _rolled_back(self, seen: EndpointState) -> EndpointRefusedError:
        watched = alarm_names(self._session.cloud, self._deployment, self._names.config)
        rang = ", ".join(ringing(self._session, watched))
        found = [f"alarm {rang}" if rang else "", self._check.problems, seen.reason]
        why = "; ".join(filter(None, found)) or "SageMaker does not say why"
        version = config_version(self._session, seen.config)
        return refused(
            f"endpoint {self._name} went back to version {version} while version "
            f"{self._package.version} was tried on it: {why}{self._log()}",
            "mend that and promote again",
        )

    def _accept(self, seen: EndpointState) -> Deployed:
        """Golden cases, tags, number of instances; nothing of it where it is so already."""
        kept = tags_of(self._session, seen.arn)
        before = kept.get(ACCEPTED, "")
        if before != self._names.config:
            same = not self._began or kept.get(VERSION) == self._package.version
            if problem := self._check.verdict(seen, afresh=same):
                raise self._taken_back(before, problem)
        wanted = {**lineage_tags(self._package, ""), **self._lineage, ACCEPTED: self._names.config}
        if any(kept.get(key) != value for key, value in wanted.items()):
            with spoken(f"tag endpoint {self._name}"):
                self._client.add_tags(
                    ResourceArn=seen.arn, Tags=tags(self._session.cloud, "endpoint", wanted)
                )
            self._changed = True
        self._changed = autoscaling.bring_in_line(self._session, self._deployment) or self._changed
        if before not in ("", self._names.config):
            drop_alarm(self._session, golden_alarm(before))
        return Deployed(self._name, self._package.version, self._names.config, self._changed)

    def _taken_back(self, before: str, problem: str) -> EndpointRefusedError:
        """No alarm saw it in time: go back by hand, or take a first endpoint down."""
        log = self._log()
        if before and described_config(self._session, before) is not None:
            request = update_request(self._deployment, before, ())
            request.pop("DeploymentConfig", None)  # at once: what serves now is wrong
            while not self._send_update(request):
                pass
            if (back := look(self._session, self._name)) is not None:
                settled(self._session, back, 3.0 * self._deployment.startup_s + SLACK_S)
            state = f"it serves version {config_version(self._session, before)} again"
        else:
            self._delete()
            state = "it was deleted, for nothing served there before"
        return refused(
            f"endpoint {self._name} does not serve version {self._package.version}: {problem}; "
            f"{state}{log}",
            "mend that and run the same again",
        )

    def _log(self) -> str:
        lines = last_lines(self._session, self._name, self._public)
        return f"; its log ends: {' | '.join(lines)}" if lines else ""
