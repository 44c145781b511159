"""The image that answers inside an endpoint."""

import os

from radimpress import __version__
from radimpress.cloud.session import Session
from radimpress.config.deployment import Deployment, EndpointImage, EndpointMode

# The newest pair of AWS's Hugging Face inference images. The package's code/requirements.txt brings
# the versions that the model was tested with on top.
TRANSFORMERS, PYTORCH, PYTHON = "5.5.3", "pytorch2.6.0", "py312"
CPU_INSTANCE = "ml.c5.xlarge"  # serverless runs on CPU: any instance without a GPU names its image


def serving_image(session: Session, deployment: Deployment) -> str:
    """The URI of the image; nothing is asked of AWS but the account's number.

    Ours is `<account>.dkr.ecr.<region>.amazonaws.com/<project>:<radimpress version>`, as
    docs/endpoints.md pushes it.
    """
    if deployment.image_uri:
        return deployment.image_uri
    if deployment.image is EndpointImage.own:
        domain = "amazonaws.com.cn" if session.region.startswith("cn-") else "amazonaws.com"
        registry = f"{session.account}.dkr.ecr.{session.region}.{domain}"
        return f"{registry}/{session.cloud.project}:{__version__}"
    return _hugging_face(session.region, deployment)


def _hugging_face(region: str, deployment: Deployment) -> str:
    os.environ.setdefault("AWS_DEFAULT_REGION", region)  # the SDK looks for one on import
    from sagemaker.core import image_uris

    serverless = deployment.mode is EndpointMode.serverless
    return str(
        image_uris.retrieve(
            "huggingface",
            region,
            version=TRANSFORMERS,
            base_framework_version=PYTORCH,
            py_version=PYTHON,
            instance_type=CPU_INSTANCE if serverless else deployment.instance_type,
            image_scope="inference",
        )
    )
