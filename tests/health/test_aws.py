import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from radimpress.config.deployment import DeploymentTarget, EndpointMode
from radimpress.config.job import Place
from radimpress.config.schema import Config
from radimpress.health import aws
from radimpress.health.aws import examine_aws
from radimpress.health.findings import Finding, ok
from radimpress.runtime.errors import RadimpressError, next_step


def by_subject(findings: list[Finding]) -> dict[str, Finding]:
    return {found.subject: found for found in findings}


def test_without_credentials_only_that_is_said(
    loopback, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    (found,) = examine_aws(config, tmp_path)
    assert (found.subject, found.state) == ("credentials", "fail")
    assert "aws configure sso" in found.step


def test_without_a_region_only_that_is_said(
    loopback, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    (found,) = examine_aws(config, tmp_path)
    assert found.seen == "no AWS region is set"


def test_a_loopback_is_examined_for_what_it_models(
    loopback, config: Config, tmp_path: Path
) -> None:
    found = by_subject(examine_aws(config, tmp_path))
    assert set(found) == {"credentials", "bucket", "DVC remote", "MLflow"}
    assert "loopback" in found["credentials"].seen


@pytest.fixture
def account(
    loopback, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Config, Path], dict[str, Finding]]:
    """Examine as if it were AWS, with the checks that only AWS can answer recorded."""
    from radimpress.cloud.session import Session

    monkeypatch.setattr(Session, "is_loopback", False)
    for name in ("check_caller", "check_role", "check_quota", "check_training_image"):
        monkeypatch.setattr(aws, name, lambda *_, name=name: ok(name, "asked"))
    for name in ("check_image", "check_jumpstart"):
        monkeypatch.setattr(aws, name, lambda *_, name=name: ok(name, "asked"))
    return lambda config, root: by_subject(examine_aws(config, root))


def test_a_local_training_asks_nothing_of_machines(account, config, tmp_path) -> None:
    found = account(config, tmp_path)
    assert not {"check_quota", "check_training_image", "check_jumpstart"} & set(found)
    assert {"check_caller", "check_role"} <= set(found)


@pytest.mark.parametrize(
    ("place", "asked", "not_asked"),
    [
        (Place.sagemaker, "check_training_image", "check_jumpstart"),
        (Place.jumpstart, "check_jumpstart", "check_training_image"),
    ],
)
def test_a_job_asks_for_its_quota_and_image(
    account, config, tmp_path, place, asked, not_asked
) -> None:
    found = account(replace(config, compute=replace(config.compute, place=place)), tmp_path)
    assert {"check_quota", asked} <= set(found)
    assert not_asked not in found


def test_a_deployment_asks_for_its_image_and_twice_its_machines(
    account, config, tmp_path, monkeypatch
) -> None:
    wanted: list[int] = []

    def quota(session, name, machine, use, count) -> Finding:
        wanted.append(count)
        return ok(name, use)

    monkeypatch.setattr(aws, "check_quota", quota)
    deployment = replace(config.deployment, target=DeploymentTarget.sagemaker, max_instances=3)
    found = account(replace(config, deployment=deployment), tmp_path)
    assert found["endpoint quota"].seen == "endpoint"
    assert wanted == [6]  # an update runs two fleets
    serverless = replace(deployment, mode=EndpointMode.serverless)
    assert "endpoint quota" not in account(replace(config, deployment=serverless), tmp_path)


def test_a_check_that_breaks_or_hangs_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws, "LIMIT_S", 0.3)

    def refused() -> Finding:
        raise next_step("the bucket is gone", "make it")

    def broken() -> Finding:
        raise ZeroDivisionError

    def hanging() -> Finding:
        time.sleep(1.5)
        return ok("slow", "too late")

    began = time.monotonic()
    found = aws._together({"refused": refused, "broken": broken, "slow": hanging})
    assert time.monotonic() - began < 1.2
    assert [(one.subject, one.state) for one in found] == [
        ("refused", "fail"),
        ("broken", "warn"),
        ("slow", "warn"),
    ]
    assert (found[0].seen, found[0].step) == ("the bucket is gone", "make it")
    assert "ZeroDivisionError" in found[1].seen
    assert "no answer in 0.3 s" in found[2].seen


def test_a_step_that_leads_back_here_is_left_out() -> None:
    error = RadimpressError("AWS refused; next: run `radimpress doctor --aws`")
    assert aws._halves(error) == ("AWS refused", "")
