import json

import pytest

from radimpress.cloud.endpoints import golden_check
from radimpress.cloud.endpoints.golden_check import GoldenCheck
from radimpress.cloud.endpoints.golden_watch import GoldenCase
from radimpress.cloud.endpoints.state import EndpointState
from radimpress.config.deployment import Deployment

CASES = [GoldenCase("left", "side", 1.0, "left", lambda said: [] if "left" in said else ["side"])]
BAKING = EndpointState("radimpress", "arn", "Updating", "v1", "v2", "Baking")
DONE = EndpointState("radimpress", "arn", "InService", "v2")


@pytest.fixture
def check(session, monkeypatch):
    """The check of version 2, and what the endpoint says: (version, impression)."""
    said = {"version": "2", "impression": "left effusion"}

    class Way:
        def send(self, _):
            model = {"version": said["version"]}
            return json.dumps({"impression": said["impression"], "model": model}).encode()

    monkeypatch.setattr(golden_check, "transport", lambda *_: Way())
    monkeypatch.setattr(golden_check, "PATIENCE_S", 0.1)
    monkeypatch.setattr(golden_check, "PAUSE_S", 0.01)
    return GoldenCheck(session, Deployment(), "v2", "2", CASES), said


def metrics(loopback):
    return loopback.client("cloudwatch").list_metrics(Namespace="radimpress")["Metrics"]


def test_right_answers_are_told_to_cloudwatch_too(check, loopback):
    check, _ = check
    check.while_it_bakes(BAKING)
    assert (check.problems, check.verdict(DONE, afresh=False)) == ("", "")
    assert len(metrics(loopback)) == 1


def test_wrong_answers_are_told_and_named(check, loopback):
    check, said = check
    said["impression"] = "no idea"
    check.while_it_bakes(BAKING)
    assert check.problems == "1 golden cases too many fail: left (side)"
    assert check.verdict(DONE, afresh=True) == check.problems
    assert len(metrics(loopback)) == 1


def test_the_old_version_is_neither_right_nor_wrong(check, loopback):
    check, said = check
    said["version"] = "1"
    check.while_it_bakes(BAKING)
    assert (check.problems, metrics(loopback)) == ("", [])
    assert check.verdict(DONE, afresh=False) == "it does not answer golden cases as version 2"


def test_nothing_is_asked_before_anybody_can_answer(check, loopback):
    check, _ = check
    check.while_it_bakes(EndpointState("radimpress", "arn", "Creating", "v2"))
    assert metrics(loopback) == []


def test_without_cases_there_is_nothing_to_say(session):
    none = GoldenCheck(session, Deployment(), "v2", "2", ())
    none.while_it_bakes(BAKING)
    assert none.verdict(DONE, afresh=True) == ""
