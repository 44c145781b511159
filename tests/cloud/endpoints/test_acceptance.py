"""What acceptance does to an endpoint is told by test_deployment.py; here, what it says."""

from radimpress.cloud.endpoints.acceptance import rolled_back
from radimpress.cloud.endpoints.alarms import put_alarms
from radimpress.cloud.endpoints.packaged_model import PackagedModel
from radimpress.cloud.endpoints.rollout import Rollout
from radimpress.cloud.endpoints.state import EndpointState


def test_a_rollback_is_told_with_its_alarm_and_sagemakers_reason(session, config, loopback):
    package = PackagedModel("radimpress", "7", "ab" * 32, "cd" * 32, 10, lambda s, _: s)
    rollout = Rollout(session, config, package, {}, ())
    seen = EndpointState("radimpress", "arn", "InService", "gone", reason="SageMaker says so")
    assert "tried on it: SageMaker says so; next: mend that" in str(rolled_back(rollout, seen))
    names = put_alarms(session, config.deployment, rollout.names.config)
    loopback.client("cloudwatch").set_alarm_state(
        AlarmName=names[1], StateValue="ALARM", StateReason="a test"
    )
    told = str(rolled_back(rollout, seen))
    assert f"alarm {names[1]}; SageMaker says so" in told
    left = loopback.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert [alarm["AlarmName"] for alarm in left] == sorted(names[:2]), "the golden one costs"
    quiet = EndpointState("radimpress", "arn", "InService", "gone")
    loopback.client("cloudwatch").delete_alarms(AlarmNames=names)
    assert "SageMaker does not say why" in str(rolled_back(rollout, quiet))
