"""The project's bucket: made private, encrypted and versioned, or looked at."""

import json
from typing import Any

from radimpress.cloud.policy.documents import bucket_policy, place
from radimpress.cloud.session import Session, error_code, spoken
from radimpress.cloud.tags import tags
from radimpress.runtime.errors import next_step

BLOCKED = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
HOME_OF_S3 = "us-east-1"  # the one region that CreateBucket does not take by name
MISSING = ("404", "NoSuchBucket", "NotFound")


def bucket_exists(session: Session) -> bool:
    """Whether the bucket is there. Raises RadimpressError where it is somebody else's."""
    from botocore.exceptions import ClientError

    with spoken(f"look for bucket {session.bucket}"):
        try:
            session.client("s3").head_bucket(
                Bucket=session.bucket, ExpectedBucketOwner=session.account
            )
        except ClientError as error:
            if error_code(error) in MISSING:
                return False
            if error_code(error) in ("403", "AccessDenied"):
                raise next_step(
                    f"bucket {session.bucket} exists, but account {session.account} may not use it",
                    "name one of your own: cloud.bucket or RADIMPRESS_BUCKET; or ask for the "
                    "permissions of `radimpress cloud policy`",
                ) from error
            raise
    return True


def make_bucket(session: Session) -> None:
    """Create the bucket where it is missing, and give it all it must have, each time the same.

    No public access, default encryption (with cloud.kms_key where set), versions, and a policy that
    refuses plain HTTP.
    """
    client, name = session.client("s3"), session.bucket
    if not bucket_exists(session):
        where: dict[str, Any] = {}
        if session.region != HOME_OF_S3:
            where = {"CreateBucketConfiguration": {"LocationConstraint": session.region}}
        with spoken(f"create bucket {name}"):
            client.create_bucket(Bucket=name, **where)
    with spoken(f"protect bucket {name}"):
        client.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=BLOCKED)
        client.put_bucket_encryption(
            Bucket=name, ServerSideEncryptionConfiguration={"Rules": [encryption(session)]}
        )
        client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        if not session.is_loopback:  # that one speaks plain HTTP
            policy = json.dumps(bucket_policy(place(session)))
            client.put_bucket_policy(Bucket=name, Policy=policy)
        client.put_bucket_tagging(Bucket=name, Tagging={"TagSet": tags(session.cloud, "bucket")})


def encryption(session: Session) -> dict[str, Any]:
    """The rule of default encryption: our KMS key, else S3's own."""
    if key := session.cloud.kms_key:
        by = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
        return {"ApplyServerSideEncryptionByDefault": by, "BucketKeyEnabled": True}
    return {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
