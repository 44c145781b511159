import pytest

from radimpress.config.deployment import DeploymentTarget, EndpointMode
from radimpress.config.load import compose


def test_a_promotion_brings_no_endpoint_in_line_unless_asked_to():
    assert compose().deployment.target is DeploymentTarget.none


@pytest.mark.parametrize("mode", list(EndpointMode))
def test_each_mode_has_its_file(mode):
    deployment = compose([f"deployment={mode.value}"]).deployment
    assert (deployment.target, deployment.mode) == (DeploymentTarget.sagemaker, mode)
