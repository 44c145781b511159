"""An endpoint in service with what was wanted: the last look, the tags, the way back."""

from radimpress.cloud.endpoints import autoscaling
from radimpress.cloud.endpoints.alarms import alarm_names, drop_alarm, golden_alarm, ringing
from radimpress.cloud.endpoints.change import SLACK_S, delete, send_update
from radimpress.cloud.endpoints.config import lineage_tags
from radimpress.cloud.endpoints.refusal import EndpointRefusedError, refused
from radimpress.cloud.endpoints.rollout import Rollout
from radimpress.cloud.endpoints.state import EndpointState, described_config, look
from radimpress.cloud.endpoints.tags import config_version, tags_of
from radimpress.cloud.endpoints.update import update_request
from radimpress.cloud.endpoints.wait import settled
from radimpress.cloud.refusals import spoken
from radimpress.cloud.tags import ACCEPTED, VERSION, tags


def accept(rollout: Rollout, seen: EndpointState, watched: bool) -> bool:
    """Ask the golden cases where nobody did, tag, scale; whether anything had to be done.

    `watched`: the update was seen from its beginning, so its answers count. Raises
    EndpointRefusedError, after the endpoint was brought back, where cases fail.
    """
    kept = tags_of(rollout.session, seen.arn)
    before, config = kept.get(ACCEPTED, ""), rollout.names.config
    if before != config:
        alike = kept.get(VERSION) == rollout.package.version
        if problem := rollout.check.verdict(seen, afresh=alike or not watched):
            raise _taken_back(rollout, before, problem)
    wanted = {**lineage_tags(rollout.package, ""), **rollout.lineage, ACCEPTED: config}
    untagged = any(kept.get(key) != value for key, value in wanted.items())
    if untagged:
        with spoken(f"tag endpoint {rollout.endpoint}"):
            rollout.sagemaker.add_tags(
                ResourceArn=seen.arn, Tags=tags(rollout.session.cloud, "endpoint", wanted)
            )
    scaled = autoscaling.bring_in_line(rollout.session, rollout.deployment)
    if before not in ("", config):
        drop_alarm(rollout.session, golden_alarm(before))
    return untagged or scaled


def rolled_back(rollout: Rollout, seen: EndpointState) -> EndpointRefusedError:
    """What to say of an update that SageMaker took back."""
    watched = alarm_names(rollout.session.cloud, rollout.deployment, rollout.names.config)
    rang = ", ".join(ringing(rollout.session, watched))
    drop_alarm(rollout.session, golden_alarm(rollout.names.config))  # it costs as long as it is
    rollout.resume_scaling()
    found = [f"alarm {rang}" if rang else "", rollout.check.problems, seen.reason]
    why = "; ".join(filter(None, found)) or "SageMaker does not say why"
    version = config_version(rollout.session, seen.config)
    return refused(
        f"endpoint {rollout.endpoint} went back to version {version} while version "
        f"{rollout.package.version} was tried on it: {why}{rollout.log()}",
        "mend that and promote again",
    )


def _taken_back(rollout: Rollout, before: str, problem: str) -> EndpointRefusedError:
    """No alarm saw it in time: go back by hand, or take a first endpoint down."""
    log = rollout.log()
    drop_alarm(rollout.session, golden_alarm(rollout.names.config))
    if before and described_config(rollout.session, before) is not None:
        request = update_request(rollout.deployment, before, ())
        request.pop("DeploymentConfig", None)  # at once: what serves now is wrong
        while not send_update(rollout, request):
            pass
        if (back := look(rollout.session, rollout.endpoint)) is not None:
            settled(rollout.session, back, 3.0 * rollout.deployment.startup_s + SLACK_S)
        rollout.resume_scaling()
        state = f"it serves version {config_version(rollout.session, before)} again"
    else:
        delete(rollout)
        state = "it was deleted, for nothing served there before"
    return refused(
        f"endpoint {rollout.endpoint} does not serve version {rollout.package.version}: "
        f"{problem}; {state}{log}",
        "mend that and run the same again",
    )
