"""Whether an image can be had, and whether JumpStart's models can be read."""

import re

from radimpress.cloud.account.patience import DENIED, quick
from radimpress.cloud.refusals import error_code
from radimpress.cloud.session import Session

ECR = re.compile(r"(\d{12})\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?/([^:@]+):([^:@]+)")
ABSENT = ("ImageNotFoundException", "RepositoryNotFoundException")
MANIFEST = "models_manifest.json"


def image_exists(session: Session, uri: str) -> bool | None:
    """Whether `uri` (ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG) is in its registry.

    None where we may not look, or where the URI is none of ECR's.
    """
    from botocore.exceptions import ClientError

    found = ECR.fullmatch(uri)
    if not found:
        return None
    account, repository, tag = found.groups()
    try:
        quick(session, "ecr").describe_images(
            registryId=account, repositoryName=repository, imageIds=[{"imageTag": tag}]
        )
    except ClientError as error:
        if error_code(error) in ABSENT:
            return False
        if error_code(error) in DENIED:
            return None
        raise
    return True


def jumpstart_can_be_read(session: Session) -> bool:
    """Whether the region's bucket of JumpStart models answers us."""
    from botocore.exceptions import ClientError

    try:
        quick(session, "s3").head_object(
            Bucket=f"jumpstart-cache-prod-{session.region}", Key=MANIFEST
        )
    except ClientError:
        return False
    return True
