"""The checks of `radimpress doctor --aws`, one a thing that a job or an endpoint needs."""

from collections.abc import Sequence
from pathlib import Path

from radimpress.cloud.account import images, permissions, quotas
from radimpress.cloud.account.bucket import bucket_exists
from radimpress.cloud.account.bucket_state import BucketState, bucket_state
from radimpress.cloud.instances import instance
from radimpress.cloud.jobs.images import training_image
from radimpress.cloud.policy.action import Who
from radimpress.cloud.policy.documents import place
from radimpress.cloud.refusals import spoken
from radimpress.cloud.session import Session
from radimpress.config.deployment import DeploymentTarget
from radimpress.config.schema import Config
from radimpress.health.findings import Finding, fail, ok, warn
from radimpress.tracking.store import redacted, tracking_uri

SHOWN = 4  # denied actions that are named


def check_caller(session: Session, config: Config, who: str) -> Finding:
    """What we ourselves may not do, of training and, where it is configured, of deploying."""
    if who.endswith(":root"):
        return warn("your permissions", "the account's root user", "work as a user or role")
    parts = [Who.user]
    if config.deployment.target is DeploymentTarget.sagemaker:
        parts.append(Who.deployer)
    arn = permissions.principal_arn(session, who)
    return _permissions("your permissions", session, config, arn, parts)


def check_role(session: Session, config: Config) -> Finding:
    """The role of jobs and endpoints: there, SageMaker's to take, and allowed enough."""
    name, arn = "execution role", session.role_arn
    trusted = permissions.sagemaker_may_take(session, arn)
    if trusted is None:
        return fail(
            name,
            f"{arn} does not exist",
            "make it: `radimpress cloud policy --principal trust` and `--principal role`, or name "
            "another (cloud.role_arn)",
        )
    if not trusted:
        return fail(
            name,
            f"{arn} cannot be taken by SageMaker",
            "give it the trust of `radimpress cloud policy --principal trust`",
        )
    return _permissions(name, session, config, arn, [Who.role])


def _permissions(
    name: str, session: Session, config: Config, arn: str, parts: Sequence[Who]
) -> Finding:
    where = place(session, config.tracking.uri)
    denied: list[str] = []
    for who in parts:
        found = permissions.denied_actions(session, arn, where, who)
        if found is None:
            return warn(
                name,
                f"{arn}: its permissions cannot be asked for (iam:SimulatePrincipalPolicy)",
                f"compare them with `radimpress cloud policy --principal {who.value}`",
            )
        denied += [action for action in found if action not in denied]
    if denied:
        more = f" and {len(denied) - SHOWN} more" if len(denied) > SHOWN else ""
        principals = " and ".join(f"`radimpress cloud policy --principal {w.value}`" for w in parts)
        return fail(name, f"{arn} lacks {', '.join(denied[:SHOWN])}{more}", f"attach {principals}")
    return ok(name, arn)


def check_bucket(session: Session) -> Finding:
    """There, ours, encrypted, closed, asked over TLS only, versioned."""
    name, mend = session.bucket, "run `radimpress cloud remote --create-bucket`"
    if not bucket_exists(session):
        return fail(
            "bucket", f"{name} does not exist", "run `radimpress cloud remote --create-bucket`"
        )
    with spoken(f"look at bucket {name}"):
        state = bucket_state(session)
    if not state.public_is_blocked:
        return fail("bucket", f"{name} could be opened to the public", f"{mend}: it mends this")
    if weak := list(_weaknesses(session, state)):
        return warn("bucket", f"{name}: {', '.join(weak)}", f"{mend}: it mends this")
    return ok("bucket", f"{name}, {state.encryption}, closed to the public, versioned")


def _weaknesses(session: Session, state: BucketState) -> list[str]:
    key = session.cloud.kms_key
    found = {
        "no default encryption": not state.encryption,
        "not encrypted with cloud.kms_key": bool(key) and state.key != key,
        "plain HTTP is not refused": not state.only_tls and not session.is_loopback,
        "objects have no versions": not state.versioned,
    }
    return [weakness for weakness, is_there in found.items() if is_there]


def check_quota(session: Session, name: str, machine: str, use: str, wanted: int) -> Finding:
    """The account may run as many machines as the configuration would start."""
    with spoken("list the quotas of SageMaker"):
        found = quotas.quota(session, machine, use)
    if found is None:
        return warn(
            name,
            f"{session.region} has no quota {machine!r} for {use} usage",
            "the region may not offer that type: `aws service-quotas list-service-quotas "
            "--service-code sagemaker`",
        )
    seen = f"{found.value:g} x {machine} for {use} ({found.code}), {wanted} wanted"
    return fail(name, seen, found.request(wanted)) if found.value < wanted else ok(name, seen)


def check_training_image(session: Session, config: Config) -> Finding:
    """The image of the job."""
    job = config.compute.job
    uri = job.image or training_image(instance(job.instance_type), session.region)
    return check_image(session, "training image", uri)


def check_image(session: Session, name: str, uri: str) -> Finding:
    """The image is in its registry."""
    with spoken(f"look for image {uri}"):
        there = images.image_exists(session, uri)
    if there is None:
        return warn(name, f"{uri} cannot be looked for", "a job will tell; it costs nothing if not")
    if not there:
        return fail(name, f"{uri} does not exist", "push it (docs/endpoints.md), or name another")
    return ok(name, uri)


def check_jumpstart(session: Session, config: Config) -> Finding:
    """JumpStart's models of the region can be read."""
    if images.jumpstart_can_be_read(session):
        return ok("JumpStart", config.compute.job.jumpstart_model)
    return fail(
        "JumpStart",
        f"the models of {session.region} cannot be read",
        "allow s3:GetObject on jumpstart-cache-prod-* (`radimpress cloud policy`), or choose "
        "compute=sagemaker_*",
    )


def check_remote(session: Session, root: Path) -> Finding:
    """DVC's default remote is the bucket, and verified."""
    from dvc.repo import Repo

    step = "run `radimpress cloud remote`"
    if not (root / ".dvc").is_dir():
        return warn("DVC remote", f"{root} is no DVC repository", "run in the repository root")
    with Repo(str(root)) as repo:
        name = repo.config["core"].get("remote")
        remote = repo.config["remote"].get(name, {}) if name else {}
    url = str(remote.get("url", ""))
    if not url.startswith(f"s3://{session.bucket}"):
        return warn("DVC remote", f"is {url or 'not set'}, not in {session.bucket}", step)
    if not remote.get("verify"):
        return fail("DVC remote", f"{url} is trusted blindly", step)
    return ok("DVC remote", f"{url}, verified")


def check_tracking(config: Config) -> Finding:
    """Jobs can reach where runs are recorded."""
    uri = tracking_uri(config.tracking)
    if uri.startswith(("arn:", "https://", "databricks")):
        return ok("MLflow", redacted(uri))
    return warn(
        "MLflow",
        f"{redacted(uri)} cannot be reached from a job",
        "its metrics come back when it ends; for live ones set tracking.uri to a server's address "
        "or the ARN of a managed one",
    )
