import json
import time

import pytest

from radimpress.cloud.endpoints.packaged_model import PackagedModel
from radimpress.cloud.endpoints.rollout import Rollout


@pytest.fixture
def rollout(session, config):
    package = PackagedModel("radimpress", "7", "ab" * 32, "cd" * 32, 10, lambda s, _: s)
    return Rollout(session, config, package, {}, ())


def test_its_names_are_made_of_account_settings_and_package(rollout, session):
    assert rollout.place.role_arn == session.role_arn
    assert rollout.place.image.startswith(f"{session.account}.dkr.ecr.us-east-1.amazonaws.com/")
    assert rollout.names.config.startswith("radimpress-v7-abababab-")


def test_an_error_ends_with_what_the_container_said_last(rollout, loopback):
    assert rollout.log() == ""
    logs, group = loopback.client("logs"), "/aws/sagemaker/Endpoints/radimpress"
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="main/i-1")
    line = json.dumps({"event": "generation_failed", "error": "RuntimeError"})
    event = {"timestamp": int(time.time() * 1000), "message": line}
    logs.put_log_events(logGroupName=group, logStreamName="main/i-1", logEvents=[event])
    assert "generation_failed" in rollout.log()
    assert rollout.log().startswith("; its log ends: ")
