"""One endpoint of the loopback, with real processes, from every place where it can stand."""

import json
import sys
import tarfile
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from loopback.faults import FleetFault
from radimpress.cloud.endpoints import change as endpoint_change
from radimpress.cloud.endpoints.deployment import deploy, serving_version
from radimpress.cloud.endpoints.golden_watch import GoldenCase
from radimpress.cloud.endpoints.packaged_model import PackagedModel
from radimpress.cloud.endpoints.refusal import EndpointRefusedError, is_outage
from radimpress.cloud.endpoints.state import look
from radimpress.cloud.endpoints.tags import tags_of
from radimpress.config.deployment import Deployment, DeploymentTarget, EndpointMode
from radimpress.config.fingerprint import fingerprint
from radimpress.runtime.errors import RadimpressError

CONTAINER = Path(__file__).with_name("answering_container.py")
LINEAGE = {"radimpress:git-commit": "c" * 40, "radimpress:ledger-entry": "e" * 64}
DEPLOYMENT = Deployment(
    target=DeploymentTarget.sagemaker,
    image_uri="answering",
    startup_s=60,
    max_cost_usd_per_month=1100.0,
    canary_wait_s=60,
)
CASES = [
    GoldenCase(
        f"side {n}", "side", 1.0, f"left {n}", lambda said: [] if "left" in said else ["no side"]
    )
    for n in range(6)
]


def package(version, impression="left effusion", **behaviour):
    plain = {"version": version, "impression": impression, **behaviour}

    def write(scratch, _):
        (scratch / "behaviour.json").write_text(json.dumps(plain))
        with tarfile.open(scratch / "model.tar.gz", "w:gz") as tar:
            tar.add(scratch / "behaviour.json", "behaviour.json")
        return scratch / "model.tar.gz"

    digest = fingerprint(plain)
    return PackagedModel("radimpress", version, digest, digest, 10, write)


@pytest.fixture
def account(loopback, session, config, monkeypatch):
    """Deploy(package, **deployment fields) to the endpoint of the loopback."""
    loopback.hosting.images["answering"] = (
        sys.executable,
        str(CONTAINER),
        "/opt/ml/model",
        "{port}",
    )
    monkeypatch.setattr(loopback.hosting.pace, "startup", 0.05)
    monkeypatch.setattr(endpoint_change, "AGAIN_S", 0.1)
    monkeypatch.setattr(endpoint_change, "QUIET_S", 2.0)

    def run(packed, golden=CASES, lineage=LINEAGE, **fields):
        chosen = replace(config, deployment=replace(DEPLOYMENT, **fields))
        return deploy(session, chosen, packed, lineage, golden)

    return run


def status(session):
    seen = look(session, "radimpress")
    return seen.status if seen else None


def test_the_first_deployment_an_update_and_a_repetition(account, session, loopback):
    first = account(package("1"))
    assert (first.version, first.changed, serving_version(session, "radimpress")) == (
        "1",
        True,
        "1",
    )
    writes = {"CreateModel", "CreateEndpointConfig", "CreateEndpoint", "UpdateEndpoint", "AddTags"}
    loopback.calls.clear()
    assert account(package("1")) == replace(first, changed=False)
    assert not {name.partition(":")[2] for name in loopback.calls} & (writes | {"PutObject"})
    second = account(package("2"))
    assert (second.changed, serving_version(session, "radimpress")) == (True, "2")
    told = tags_of(session, look(session, "radimpress").arn)
    assert told["radimpress:version"] == "2"
    assert told["radimpress:accepted"] == second.config
    assert LINEAGE.items() <= told.items()
    assert told["radimpress:model-sha256"] == package("2").model_sha256


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (package("2", "no idea"), "golden cases too many fail: side"),
        pytest.param(
            package("2", status=500), "golden cases too many fail: side", marks=pytest.mark.slow
        ),
        pytest.param(
            package("2", ping=503), "did not pass the ping health check", marks=pytest.mark.slow
        ),
    ],
    ids=["wrong", "broken", "unhealthy"],
)
def test_a_bad_update_goes_back_by_itself(account, session, bad, reason):
    account(package("1"), canary_wait_s=300)
    with pytest.raises(EndpointRefusedError, match=f"went back to version 1 .*{reason}") as caught:
        account(bad, canary_wait_s=300)
    assert not is_outage(caught.value)
    assert (serving_version(session, "radimpress"), status(session)) == ("1", "InService")
    assert account(package("1")).changed is False
    with pytest.raises(EndpointRefusedError, match="went back to version 1"):
        account(bad, canary_wait_s=300)  # the same again, the same again
    assert account(package("3")).version == "3"


def test_a_bad_update_that_no_alarm_caught_is_taken_back(account, session):
    account(package("1"))
    with pytest.raises(EndpointRefusedError, match="it serves version 1 again"):
        account(package("2", "no idea"), canary_wait_s=0)
    assert serving_version(session, "radimpress") == "1"


def test_a_first_endpoint_that_answers_wrongly_is_deleted(account, session):
    with pytest.raises(EndpointRefusedError, match="6 golden cases too many.*it was deleted"):
        account(package("1", "no idea"))
    assert status(session) is None
    assert account(package("2")).version == "2"


@pytest.mark.slow
def test_a_first_endpoint_that_fails_is_replaced_by_the_next_try(account, session, loopback):
    with pytest.raises(EndpointRefusedError, match="did not start with version 1.*log ends: error"):
        account(package("1", ping=503))
    assert status(session) == "Failed"
    assert serving_version(session, "radimpress") is None
    assert account(package("1")).version == "1"
    loopback.faults.fleets.append(FleetFault(no_ping=True))
    with pytest.raises(EndpointRefusedError, match="went back to version 1"):
        account(package("2"))


@pytest.mark.slow
def test_a_family_may_fail_as_often_as_promotion_let_it(account):
    lenient = [replace(case, least=0.0) for case in CASES]
    assert account(package("1", "no idea"), golden=lenient).version == "1"
    assert account(package("2", "no idea"), golden=[]).version == "2"
    assert account(package("3", "no idea"), golden=[]).version == "3"


def test_an_endpoint_of_somebody_else_is_left_alone(account, session, loopback):
    account(package("1"))
    arn = look(session, "radimpress").arn
    loopback.client("sagemaker").delete_tags(ResourceArn=arn, TagKeys=["radimpress:project"])
    with pytest.raises(EndpointRefusedError, match="it is somebody else's; next: set deployment"):
        account(package("2"))


def test_a_change_by_somebody_else_is_waited_for(account, session, loopback):
    first = account(package("1"))
    account(package("2"))
    loopback.client("sagemaker").update_endpoint(
        EndpointName="radimpress", EndpointConfigName=first.config
    )
    assert status(session) == "Updating"
    assert account(package("3")).version == "3"


def test_two_at_once_end_with_the_same_endpoint(account, session):
    account(package("1"))
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(account(package("2")))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {done.version for done in found} == {"2"}
    assert len(found) == 2


@pytest.mark.slow
def test_throttles_and_faults_are_ridden_out(account, loopback):
    for operation in ("CreateModel", "CreateEndpointConfig", "CreateEndpoint", "DescribeEndpoint"):
        loopback.faults.throttle(operation, times=1)
    loopback.faults.fail("PutMetricAlarm", times=1)
    assert account(package("1")).version == "1"


def test_a_dear_endpoint_is_refused_before_anything_is_made(account, loopback):
    with pytest.raises(RadimpressError, match="above the ceiling of"):
        account(package("1"), instance_type="ml.p5.48xlarge")
    assert not [name for name in loopback.calls if "Create" in name]


@pytest.mark.slow
@pytest.mark.parametrize(
    "fields",
    [
        {"mode": EndpointMode.serverless},
        {"mode": EndpointMode.asynchronous, "min_instances": 0},
        {"instances": 2, "min_instances": 2, "max_instances": 2},
    ],
    ids=["serverless", "asynchronous", "canary"],
)
def test_every_mode_is_created_updated_and_brought_back(account, session, fields):
    assert account(package("1"), **fields).version == "1"
    assert account(package("1"), **fields).changed is False
    assert account(package("2"), **fields).version == "2"
    with pytest.raises(EndpointRefusedError, match="golden cases too many fail"):
        account(package("3", "no idea"), **fields)
    assert (serving_version(session, "radimpress"), status(session)) == ("2", "InService")


def test_the_mode_of_an_endpoint_stays(account):
    account(package("1"))
    with pytest.raises(EndpointRefusedError, match="is realtime and cannot become serverless"):
        account(package("1"), mode=EndpointMode.serverless)


@pytest.fixture
def targets(loopback):
    """The bounds of every variant that scales."""
    scaling = loopback.client("application-autoscaling")

    def read():
        found = scaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
        return [(each["MinCapacity"], each["MaxCapacity"]) for each in found]

    return read


def test_another_machine_is_deployed_below_autoscaling(account, loopback, targets):
    account(package("1"), max_instances=2)
    loopback.calls.clear()
    done = account(package("1"), max_instances=2, instance_type="ml.m5.xlarge")
    assert (done.changed, targets()) == (True, [(1, 2)])
    assert loopback.calls["application-autoscaling:DeregisterScalableTarget"] == 1


def test_an_endpoint_scales_on_where_it_does_not_take_another_machine(
    account, session, loopback, targets
):
    account(package("1"), max_instances=2)
    other = {"max_instances": 3, "instance_type": "ml.m5.xlarge"}
    loopback.faults.refuse("UpdateEndpoint", "ResourceLimitExceeded", "no such machine is free")
    with pytest.raises(RadimpressError, match="no such machine is free"):
        account(package("2"), **other)
    assert targets() == [(1, 2)]
    with pytest.raises(EndpointRefusedError, match="golden cases too many fail"):
        account(package("2", "no idea"), **other)
    assert (serving_version(session, "radimpress"), targets()) == ("1", [(1, 2)])
    policies = loopback.client("application-autoscaling").describe_scaling_policies(
        ServiceNamespace="sagemaker"
    )["ScalingPolicies"]
    assert [policy["PolicyName"] for policy in policies] == ["radimpress-track"]


def test_autoscaling_follows_the_configuration(account, targets):
    account(package("1"), max_instances=2)
    assert targets() == [(1, 2)]
    assert account(package("1"), max_instances=2).changed is False
    assert account(package("1"), max_instances=3).changed is True
    assert targets() == [(1, 3)]
    assert account(package("1")).changed is True
    assert targets() == []


@pytest.mark.rehearsal
@pytest.mark.slow
def test_killed_at_any_call_a_deployment_is_finished_by_the_next(account, session, monkeypatch):
    """A crash is an exception that nothing here catches, raised before one call after another."""
    from botocore.client import BaseClient

    original = BaseClient._make_api_call
    counted = {"at": 0, "calls": 0}

    class Killed(BaseException):
        pass

    def call(self, operation, arguments):
        counted["calls"] += 1
        due = 0 < counted["at"] <= counted["calls"]
        if due and threading.current_thread() is threading.main_thread():
            raise Killed
        return original(self, operation, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", call)
    previous, at = None, 0
    while True:
        at += 1
        version = str(at)
        counted.update(at=at, calls=0)
        try:
            account(package(version), canary_wait_s=50)
        except Killed:
            counted.update(at=0)
            done = account(package(version), canary_wait_s=50)
            assert serving_version(session, "radimpress") == version
            assert tags_of(session, look(session, "radimpress").arn)["radimpress:accepted"] == (
                done.config
            )
        else:
            break
        previous = version
    counted.update(at=0)
    assert int(previous) > 15
