"""`radimpress doctor --aws`: what of the account works, each with the next step.

Nothing is changed in AWS. All checks together take no longer than LIMIT_S.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path

from radimpress.cloud.account import permissions, quotas
from radimpress.cloud.account.patience import quick
from radimpress.cloud.endpoints.images import serving_image
from radimpress.cloud.refusals import spoken
from radimpress.cloud.session import Session, open_session
from radimpress.config.deployment import DeploymentTarget, EndpointMode
from radimpress.config.job import Place
from radimpress.config.schema import Config
from radimpress.health.aws_checks import (
    check_bucket,
    check_caller,
    check_image,
    check_jumpstart,
    check_quota,
    check_remote,
    check_role,
    check_tracking,
    check_training_image,
)
from radimpress.health.findings import Finding, fail, ok, warn
from radimpress.runtime.errors import RadimpressError

SERVICES = ("iam", "s3", "service-quotas", "ecr")
LIMIT_S = 60.0

Check = Callable[[], Finding]


def examine_aws(config: Config, root: Path) -> list[Finding]:
    """Every check of the account; without credentials, only that."""
    try:
        session = open_session(config.cloud)
        who = permissions.caller(session)
    except RadimpressError as error:
        return [fail("credentials", *_halves(error))]
    for service in SERVICES:  # made here, once: making one is not safe in threads
        quick(session, service)
    checks: dict[str, Check] = {
        "bucket": lambda: check_bucket(session),
        "DVC remote": lambda: check_remote(session, root),
        "MLflow": lambda: check_tracking(config),
    }
    if session.is_loopback:
        seen = f"{who}, a loopback: permissions, quotas and images are not looked at"
        return [ok("credentials", seen), *_together(checks)]
    checks |= {
        "your permissions": lambda: check_caller(session, config, who),
        "execution role": lambda: check_role(session, config),
    } | _machine_checks(session, config)
    return [ok("credentials", f"{who}, region {session.region}"), *_together(checks)]


def _machine_checks(session: Session, config: Config) -> dict[str, Check]:
    """Checks of what the configuration would start."""
    compute, deployment = config.compute, config.deployment
    checks: dict[str, Check] = {}
    if compute.place is not Place.local:
        use = quotas.SPOT if compute.job.spot else quotas.TRAINING
        checks["job quota"] = lambda: check_quota(
            session, "job quota", compute.job.instance_type, use, compute.nodes
        )
    if compute.place is Place.sagemaker:
        checks["training image"] = lambda: check_training_image(session, config)
    if compute.place is Place.jumpstart:
        checks["JumpStart"] = lambda: check_jumpstart(session, config)
    if deployment.target is DeploymentTarget.sagemaker:
        checks["serving image"] = lambda: check_image(
            session, "serving image", serving_image(session, deployment)
        )
        if deployment.mode is not EndpointMode.serverless:
            checks["endpoint quota"] = lambda: check_quota(
                session,
                "endpoint quota",
                deployment.instance_type,
                quotas.ENDPOINT,
                # An update runs two fleets while it bakes.
                2 * max(deployment.instances, deployment.max_instances),
            )
    return checks


def _together(checks: dict[str, Check]) -> list[Finding]:
    """All checks at once, in their order; one without an answer in LIMIT_S is a finding too."""
    pool = ThreadPoolExecutor(max_workers=len(checks))
    running: dict[str, Future[Finding]] = {
        name: pool.submit(_guarded, name, check) for name, check in checks.items()
    }
    wait(running.values(), timeout=LIMIT_S)
    pool.shutdown(wait=False, cancel_futures=True)
    late = f"no answer in {LIMIT_S:g} s"
    return [
        one.result() if one.done() else warn(name, late, "look at network, VPN and proxy")
        for name, one in running.items()
    ]


def _guarded(name: str, check: Check) -> Finding:
    """A check that breaks is a finding."""
    try:
        with spoken(name):
            return check()
    except RadimpressError as error:
        return fail(name, *_halves(error))
    except Exception as error:
        return warn(name, f"the check broke ({type(error).__name__})", "report this")


def _halves(error: RadimpressError) -> tuple[str, str]:
    """Problem and next step; a step that leads back here says nothing."""
    problem, _, step = str(error).partition("; next: ")
    return problem, "" if "doctor --aws" in step else step
