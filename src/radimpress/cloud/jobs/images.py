"""AWS's own training images, by the machine that they run on."""

import os

from radimpress.cloud.instances import Instance


def training_image(instance: Instance, region: str) -> str:
    """The URI of AWS's PyTorch training image for `instance`; nothing is asked of AWS."""
    os.environ.setdefault("AWS_DEFAULT_REGION", region)  # the SDK looks for one on import
    from sagemaker.core import image_uris

    return str(
        image_uris.retrieve(
            "pytorch",
            region,
            version=instance.torch,
            py_version=instance.python,
            instance_type=instance.name,
            image_scope="training",
        )
    )
