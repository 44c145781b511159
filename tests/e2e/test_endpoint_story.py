"""The life of a model on a SageMaker endpoint, told with what a user types.

The endpoint is the loopback's: real processes of the image's server, blue/green as SageMaker does
it, real alarms over real metrics.
"""

import json
import signal
import time
from dataclasses import replace

import pytest

from loopback.faults import FleetFault
from loopback.server import Loopback
from radimpress.registry.gates.table import OVERRIDABLE

pytestmark = [pytest.mark.slow, pytest.mark.rehearsal, pytest.mark.timeout(1800)]
SETTINGS = ["deployment=realtime", "compute.threads=2"]
FINDINGS = "Moderate left pleural effusion. No pneumothorax."


@pytest.fixture(scope="module")
def aws(tmp_path_factory):
    with Loopback(tmp_path_factory.mktemp("aws")) as loop:
        yield loop


@pytest.fixture(scope="module")
def clone(make_clone, aws):
    """The default pipeline, trained for a third of its steps."""
    made = make_clone("endpoint", [*SETTINGS, "training.max_steps=300"])
    kept = {name: value for name, value in made.extra.items() if name != "MKL_CBWR"}
    return replace(made, extra={**kept, **aws.environment})


def registered(clone, steps):
    """Train with so many steps, as a commit; returns the registered version."""
    clone.run("python", "pipelines/compose_params.py", *SETTINGS, f"training.max_steps={steps}")
    clone.commit(f"train {steps} steps")
    clone.run("dvc", "repro")
    return json.loads(clone.read("models/registered.json"))["version"]


def served(clone):
    """Who answers, by its own word."""
    answer = clone.run("radimpress", "invoke", "radimpress", "--findings", FINDINGS).stdout
    return json.loads(answer)["model"]["version"]


def moves(clone):
    history = json.loads(clone.run("radimpress", "history", "--json").stdout)
    assert history["problems"] == []
    return [(e["action"], e["to_version"]) for e in reversed(history["entries"])]


def killed(process, aws, operation):
    """Kill -9 when AWS is asked for `operation`, wherever the client is then."""
    before = aws.calls[operation]
    until = time.monotonic() + 180
    while aws.calls[operation] == before and process.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    assert process.poll() is None, process.stdout.read()
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_from_a_promotion_to_an_endpoint_and_back(clone, aws):
    clone.run("dvc", "repro")

    # A promotion brings the endpoint along: the first time it is created.
    first = clone.run("radimpress", "promote")
    assert "version 1 is champion" in first.stdout
    assert "endpoint radimpress answers with version 1" in first.stdout
    assert "a month" in first.stderr
    assert served(clone) == "1"

    # To deploy what is deployed does nothing.
    aws.calls.clear()
    again = clone.run("radimpress", "deploy")
    assert "endpoint radimpress answers already with version 1" in again.stdout
    assert not [call for call in aws.calls if "Create" in call or "Update" in call]

    # The next version takes over.
    assert registered(clone, 840) == "2"
    second = clone.run("radimpress", "promote")
    assert "endpoint radimpress answers with version 2" in second.stdout
    assert served(clone) == "2"

    # A version whose container never gets healthy: the promotion is taken back by itself.
    aws.faults.fleets.append(FleetFault(no_ping=True))
    waived = [word for gate in OVERRIDABLE for word in ("--override", gate)]
    refused = clone.run(
        *("radimpress", "promote", "--candidate", "1", *waived, "--reason", "a test"), check=False
    )
    assert refused.returncode == 1
    assert "rolled back (entry 4), version 2 is champion again" in refused.stderr
    assert "did not pass the ping health check" in refused.stderr
    assert served(clone) == "2"

    # A deployment that fails its golden cases: SageMaker goes back, the champion stays.
    other = [*SETTINGS, "deployment.instance_type=ml.c7i.large"]
    bad = clone.run("radimpress", "deploy", *other, "promotion=strict", check=False)
    assert bad.returncode == 1
    assert "went back to version 2" in bad.stderr
    assert "golden cases too many fail" in bad.stderr
    assert served(clone) == "2"
    assert moves(clone)[-2:] == [("promote", "1"), ("rollback", "2")]

    # Killed in the middle of an update, the next command finishes it.
    killed(clone.start("radimpress", "rollback", "--to", "1"), aws, "sagemaker:UpdateEndpoint")
    finished = clone.run("radimpress", "deploy")
    assert "what was interrupted is finished: version 1 is champion" in finished.stdout
    assert served(clone) == "1"

    # What answers is what was promoted, down to the bytes in S3.
    walked = clone.run("radimpress", "lineage", "radimpress", "--json")
    links = {link["name"]: link["state"] for link in json.loads(walked.stdout)["links"]}
    endpoint = ("endpoint state", "endpoint tags", "endpoint entry", "endpoint model")
    assert {links[name] for name in endpoint} == {"holds"}
    assert "broken" not in links.values()
    assert "answers already with version 1" in clone.run("radimpress", "deploy").stdout

    # Somebody's hand shows.
    client = aws.client("sagemaker")
    arn = client.describe_endpoint(EndpointName="radimpress")["EndpointArn"]
    client.add_tags(ResourceArn=arn, Tags=[{"Key": "radimpress:model-sha256", "Value": "0" * 64}])
    forged = clone.run("radimpress", "lineage", "radimpress", check=False)
    assert forged.returncode == 1
    assert "radimpress:model-sha256" in forged.stdout
    clone.run("radimpress", "deploy")  # tags it as it is
    clone.run("radimpress", "lineage", "radimpress")
