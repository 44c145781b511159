from dataclasses import replace

import pytest

from radimpress import __version__
from radimpress.cloud.endpoints.images import serving_image
from radimpress.cloud.session import Session
from radimpress.config.cloud import Cloud
from radimpress.config.deployment import Deployment, EndpointImage, EndpointMode

HUGGING_FACE = Deployment(image=EndpointImage.huggingface)


def account(region="us-east-1"):
    session = Session(Cloud(), region)
    session.__dict__["account"] = "123456789012"  # nobody is asked
    return session


@pytest.mark.parametrize(
    ("region", "domain"), [("us-east-1", "amazonaws.com"), ("cn-north-1", "amazonaws.com.cn")]
)
def test_our_image_lies_in_the_accounts_own_registry(region, domain):
    wanted = f"123456789012.dkr.ecr.{region}.{domain}/radimpress:{__version__}"
    assert serving_image(account(region), Deployment()) == wanted


def test_an_image_that_is_named_is_taken():
    named = Deployment(image_uri="1.dkr.ecr.eu-west-1.amazonaws.com/x@sha256:abc")
    assert serving_image(account(), named) == named.image_uri


@pytest.mark.parametrize(
    ("deployment", "processor"),
    [
        (HUGGING_FACE, "cpu"),
        (replace(HUGGING_FACE, instance_type="ml.g5.xlarge"), "gpu"),
        (replace(HUGGING_FACE, instance_type="ml.g5.xlarge", mode=EndpointMode.serverless), "cpu"),
    ],
)
def test_hugging_faces_image_fits_the_machine(deployment, processor):
    image = serving_image(account(), deployment)
    assert "huggingface-pytorch-inference:2.6.0-transformers5.5.3" in image
    assert f"-{processor}-py312" in image
