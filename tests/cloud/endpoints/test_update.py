import pytest

from loopback.validation import validate
from radimpress.cloud.endpoints.update import update_request
from radimpress.config.deployment import Deployment, EndpointMode

PAIR = {"instances": 2, "min_instances": 2, "max_instances": 2}


@pytest.mark.parametrize(
    "deployment",
    [
        Deployment(),
        Deployment(**PAIR),
        Deployment(canary_wait_s=3600, startup_s=3600),
        Deployment(mode=EndpointMode.serverless),
        Deployment(mode=EndpointMode.asynchronous, min_instances=0, max_instances=2),
    ],
)
def test_aws_allows_the_update(deployment):
    assert validate("sagemaker", "UpdateEndpoint", update_request(deployment, "v1", ["a"])) == []


def test_several_instances_are_changed_by_a_canary_of_whole_ones():
    config = update_request(Deployment(**PAIR), "v1", ["a", "b"])["DeploymentConfig"]
    routing = config["BlueGreenUpdatePolicy"]["TrafficRoutingConfiguration"]
    assert routing["Type"] == "CANARY"
    assert routing["CanarySize"] == {"Type": "CAPACITY_PERCENT", "Value": 50}
    assert routing["WaitIntervalInSeconds"] == 300
    assert config["AutoRollbackConfiguration"] == {
        "Alarms": [{"AlarmName": "a"}, {"AlarmName": "b"}]
    }
    ten = Deployment(instances=10, min_instances=10, max_instances=10)
    routing = update_request(ten, "v1", [])["DeploymentConfig"]["BlueGreenUpdatePolicy"]
    assert routing["TrafficRoutingConfiguration"]["CanarySize"]["Value"] == 20


def test_one_instance_is_switched_at_once_and_the_old_one_kept_while_alarms_watch():
    policy = update_request(Deployment(), "v1", ["a"])["DeploymentConfig"]["BlueGreenUpdatePolicy"]
    assert policy["TrafficRoutingConfiguration"]["Type"] == "ALL_AT_ONCE"
    assert policy["TerminationWaitInSeconds"] == 300


def test_a_scaled_number_of_instances_is_kept_but_never_none():
    scaled = Deployment(max_instances=4)
    assert update_request(scaled, "v1", [])["RetainAllVariantProperties"] is True
    assert update_request(Deployment(), "v1", [])["RetainAllVariantProperties"] is False
    queued = Deployment(mode=EndpointMode.asynchronous, min_instances=0, max_instances=2)
    assert update_request(queued, "v1", [])["RetainAllVariantProperties"] is False


def test_serverless_is_switched_by_sagemaker():
    request = update_request(Deployment(mode=EndpointMode.serverless), "v1", [])
    assert "DeploymentConfig" not in request
