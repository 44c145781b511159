from dataclasses import replace
from pathlib import Path

import pytest

from radimpress.cloud.account import images, permissions, quotas
from radimpress.cloud.account.bucket import make_bucket
from radimpress.cloud.account.dvc_remote import set_remote
from radimpress.cloud.account.quotas import TRAINING, Quota
from radimpress.cloud.session import Session, open_session
from radimpress.config.cloud import Cloud
from radimpress.config.deployment import DeploymentTarget
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

PERSON = "arn:aws:iam::123456789012:user/somebody"
IMAGE = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.10.0-cpu-py313"


@pytest.fixture
def session(loopback) -> Session:
    return open_session(Cloud())


def answers(monkeypatch: pytest.MonkeyPatch, denied: list[str] | None) -> list[str]:
    asked: list[str] = []

    def simulate(session, arn, place, who) -> list[str] | None:
        asked.append(who.value)
        return denied

    monkeypatch.setattr(permissions, "denied_actions", simulate)
    return asked


def test_a_role_that_may_do_all_is_well(session, config, monkeypatch) -> None:
    assert answers(monkeypatch, []) == []
    found = check_role(session, config)
    assert (found.state, found.seen) == ("ok", session.role_arn)


def test_a_role_that_lacks_permissions_names_the_first_and_the_policy(
    session, config, monkeypatch
) -> None:
    answers(monkeypatch, [f"s3:Do{n}" for n in range(6)])
    found = check_role(session, config)
    assert found.state == "fail"
    assert "lacks s3:Do0, s3:Do1, s3:Do2, s3:Do3 and 2 more" in found.seen
    assert found.step == "attach `radimpress cloud policy --principal role`"


def test_where_iam_may_not_be_asked_that_is_said(session, config, monkeypatch) -> None:
    answers(monkeypatch, None)
    found = check_role(session, config)
    assert found.state == "warn"
    assert "cannot be asked for (iam:SimulatePrincipalPolicy)" in found.seen


def test_a_missing_role_and_a_role_of_others_are_told_apart(session, config, loopback) -> None:
    def named(name: str) -> Session:
        arn = f"arn:aws:iam::123456789012:role/{name}"
        return replace(session, cloud=Cloud(role_arn=arn))

    assert "does not exist" in check_role(named("none"), config).seen
    loopback.client("iam").create_role(RoleName="other", AssumeRolePolicyDocument="{}")
    found = check_role(named("other"), config)
    assert "cannot be taken by SageMaker" in found.seen
    assert "--principal trust" in found.step


def test_who_deploys_is_asked_about_deploying_too(session, config, monkeypatch) -> None:
    asked = answers(monkeypatch, [])
    assert check_caller(session, config, PERSON).state == "ok"
    deploying = replace(config.deployment, target=DeploymentTarget.sagemaker)
    check_caller(session, replace(config, deployment=deploying), PERSON)
    assert asked == ["user", "user", "deployer"]
    assert check_caller(session, config, "arn:aws:iam::123456789012:root").state == "warn"


def test_a_bucket_is_missing_open_weak_or_well(loopback, monkeypatch) -> None:
    monkeypatch.setenv("RADIMPRESS_BUCKET", "radimpress-new")
    session = open_session(Cloud())
    assert check_bucket(session).seen == "radimpress-new does not exist"
    loopback.client("s3").create_bucket(Bucket="radimpress-new")
    assert "could be opened to the public" in check_bucket(session).seen
    make_bucket(session)
    assert check_bucket(session).state == "ok"
    keyed = replace(session, cloud=Cloud(kms_key="arn:aws:kms:::key/1"))
    found = check_bucket(keyed)
    assert (found.state, "not encrypted with cloud.kms_key" in found.seen) == ("warn", True)
    real = replace(session, endpoint_url="https://aws.example", named_account="123456789012")
    assert "plain HTTP is not refused" in check_bucket(real).seen


@pytest.mark.parametrize(("value", "state"), [(0, "fail"), (1, "fail"), (2, "ok")])
def test_a_quota_below_what_is_wanted_says_how_to_ask(
    session, monkeypatch, value: float, state: str
) -> None:
    monkeypatch.setattr(quotas, "quota", lambda *_: Quota("x", "L-1", value))
    found = check_quota(session, "job quota", "ml.p5.4xlarge", TRAINING, 2)
    assert found.state == state
    assert f"{value} x ml.p5.4xlarge" in found.seen
    assert ("--quota-code L-1 --desired-value 2" in found.step) == (state == "fail")


def test_a_type_that_the_region_lacks_is_doubted(session, monkeypatch) -> None:
    monkeypatch.setattr(quotas, "quota", lambda *_: None)
    found = check_quota(session, "job quota", "ml.p5.4xlarge", TRAINING, 1)
    assert (found.state, "may not offer" in found.step) == ("warn", True)


@pytest.mark.parametrize(("there", "state"), [(True, "ok"), (False, "fail"), (None, "warn")])
def test_an_image_is_there_or_not_or_unseen(session, monkeypatch, there, state) -> None:
    monkeypatch.setattr(images, "image_exists", lambda *_: there)
    assert check_image(session, "serving image", IMAGE).state == state


def test_the_training_image_is_the_configured_or_the_machines(session, config, monkeypatch) -> None:
    monkeypatch.setattr(images, "image_exists", lambda *_: True)
    assert check_training_image(session, config).seen == IMAGE
    job = replace(config.compute.job, image="111111111111.dkr.ecr.eu-west-1.amazonaws.com/own:1")
    own = replace(config, compute=replace(config.compute, job=job))
    assert check_training_image(session, own).seen == job.image


def test_jumpstart_can_be_read_or_not(session, config, monkeypatch) -> None:
    assert check_jumpstart(session, config).state == "fail"
    monkeypatch.setattr(images, "jumpstart_can_be_read", lambda *_: True)
    assert "flan-t5-xl" in check_jumpstart(session, config).seen


def test_the_remote_is_missing_elsewhere_trusted_or_well(session, tmp_path: Path) -> None:
    from dvc.repo import Repo

    assert check_remote(session, tmp_path).state == "warn"
    Repo.init(str(tmp_path), no_scm=True).close()
    assert "not set" in check_remote(session, tmp_path).seen
    set_remote(session, tmp_path)
    assert check_remote(session, tmp_path).state == "ok"
    config = tmp_path / ".dvc/config"
    config.write_text(config.read_text().replace("verify = True", "verify = False"))
    assert check_remote(session, tmp_path).state == "fail"


def test_a_local_store_is_out_of_a_jobs_reach(config: Config) -> None:
    assert check_tracking(config).state == "warn"
    arn = "arn:aws:sagemaker:us-east-1:123456789012:mlflow-tracking-server/ours"
    managed = replace(config, tracking=replace(config.tracking, uri=arn))
    assert check_tracking(managed).seen == arn
