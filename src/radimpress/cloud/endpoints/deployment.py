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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from radimpress.cloud.endpoints.acceptance import accept, rolled_back
from radimpress.cloud.endpoints.change import SLACK_S, create, delete, update
from radimpress.cloud.endpoints.cost import refuse_dear
from radimpress.cloud.endpoints.golden_watch import GoldenCase
from radimpress.cloud.endpoints.packaged_model import PackagedModel
from radimpress.cloud.endpoints.refusal import refused
from radimpress.cloud.endpoints.rollout import Rollout
from radimpress.cloud.endpoints.state import EndpointState, look
from radimpress.cloud.endpoints.tags import config_version, tags_of
from radimpress.cloud.endpoints.wait import settled
from radimpress.cloud.session import Session
from radimpress.cloud.tags import PROJECT
from radimpress.config.schema import Config


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
    the endpoint does not take it (it fails, is rolled back by an alarm, or answers golden cases
    wrongly): it then serves what it served, or nothing. Raises RadimpressError where it is too
    dear, and where AWS does not do what it is asked or cannot be asked
    (`endpoint_refusal.is_outage`).
    """
    refuse_dear(config.deployment)
    rollout = Rollout(session, config, package, lineage, golden)
    began = changed = False  # whether the change to our configuration was seen, and made here
    while True:
        seen = look(session, rollout.endpoint)
        if seen is None:
            began = _created(rollout, began)
            changed = changed or began
        elif seen.status == "Deleting":
            settled(session, seen, SLACK_S)
        else:
            _refuse_strangers(rollout, seen)
            if seen.is_changing:
                began = _wait(rollout, seen) or began
            elif seen.is_dead:
                _replace(rollout, seen, began)
            elif seen.config == rollout.names.config and seen.status == "InService":
                changed = accept(rollout, seen, began) or changed
                return Deployed(rollout.endpoint, package.version, seen.config, changed)
            elif began and seen.status == "InService":
                raise rolled_back(rollout, seen)
            else:
                began = _updated(rollout, seen)
                changed = changed or began


def serving_version(session: Session, name: str) -> str | None:
    """The version that endpoint `name` answers with, by the tags of its configuration."""
    seen = look(session, name)
    if seen is None or seen.is_dead or seen.status == "Creating":
        return None
    return config_version(session, seen.config)


def _refuse_strangers(rollout: Rollout, seen: EndpointState) -> None:
    project = rollout.session.cloud.project
    if tags_of(rollout.session, seen.arn).get(PROJECT) != project:
        raise refused(
            f"endpoint {rollout.endpoint} does not carry the tag {PROJECT}={project}: it is "
            "somebody else's",
            "set deployment.endpoint to another name",
        )


def _created(rollout: Rollout, began: bool) -> bool:
    if began:
        raise refused(
            f"endpoint {rollout.endpoint} was deleted while it was being deployed",
            "find out by whom, then run the same again",
        )
    return create(rollout)


def _wait(rollout: Rollout, seen: EndpointState) -> bool:
    """Wait for a change; whether it leads to our configuration."""
    rollout.held_back = 0
    bound = seen.bound_for == rollout.names.config
    ours = bound and seen.status in ("Creating", "Updating")
    deployment = rollout.deployment
    patience_s = 3.0 * deployment.startup_s + 2.0 * deployment.canary_wait_s + SLACK_S
    if ours:
        settled(rollout.session, seen, patience_s, rollout.check.while_it_bakes)
    else:
        settled(rollout.session, seen, patience_s)
    return ours


def _replace(rollout: Rollout, seen: EndpointState, began: bool) -> None:
    """A failed endpoint cannot be updated; one that failed just now is a refusal."""
    if began:
        raise refused(
            f"endpoint {rollout.endpoint} did not start with version {rollout.package.version}: "
            f"{seen.reason or seen.status}{rollout.log()}",
            "mend that and run the same again: the failed endpoint will be replaced",
        )
    delete(rollout)


def _updated(rollout: Rollout, seen: EndpointState) -> bool:
    if seen.status != "InService":
        raise refused(
            f"endpoint {rollout.endpoint} is {seen.status}: {seen.reason}",
            "remove it (`radimpress teardown`), then run the same again",
        )
    return update(rollout, seen)
