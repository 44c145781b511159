"""The project's bucket: made private, encrypted, versioned and forgetful, or looked at.

What is deleted from a versioned bucket stays as an old version. So what holds requests, answers or
shards of a batch, which are report text, has lifecycle rules that also end old versions.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from radimpress.cloud.policy.documents import bucket_policy, place
from radimpress.cloud.refusals import error_code, spoken
from radimpress.cloud.session import Session
from radimpress.cloud.tags import PROJECT, is_ours, tagged, tags
from radimpress.runtime.errors import next_step

BLOCKED = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
HOME_OF_S3 = "us-east-1"  # the one region that CreateBucket does not take by name
MISSING = ("404", "NoSuchBucket", "NotFound")
UNSET = ("NoSuchTagSet", "NoSuchBucketPolicy", "NoSuchLifecycleConfiguration")
PASSING_DAYS = 3  # of what asynchronous endpoints are asked and answer, should nobody fetch it
DELETED_DAYS = 1  # of old versions of report text: the least that S3 knows
UNFINISHED_DAYS = 7  # of uploads that were broken off


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

    No public access, default encryption (with cloud.kms_key where set), versions, lifecycle rules,
    and a policy that refuses plain HTTP. Tags, rules and statements that others gave it stay.
    Raises RadimpressError for a bucket that is not this project's.
    """
    client, name = session.client("s3"), session.bucket
    if bucket_exists(session):
        _refuse_strangers(session)
    else:
        where: dict[str, Any] = {}
        if session.region != HOME_OF_S3:
            where = {"CreateBucketConfiguration": {"LocationConstraint": session.region}}
        with spoken(f"create bucket {name}"):
            client.create_bucket(Bucket=name, **where)
    with spoken(f"protect bucket {name}"):
        kept = tagged(_told(client, "get_bucket_tagging", name, "TagSet"))
        wanted = [{"Key": k, "Value": v} for k, v in (kept | _own_tags(session)).items()]
        client.put_bucket_tagging(Bucket=name, Tagging={"TagSet": wanted})
        client.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=BLOCKED)
        client.put_bucket_encryption(
            Bucket=name, ServerSideEncryptionConfiguration={"Rules": [encryption(session)]}
        )
        client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        present = _told(client, "get_bucket_lifecycle_configuration", name, "Rules")
        client.put_bucket_lifecycle_configuration(
            Bucket=name,
            LifecycleConfiguration={"Rules": merged(present, lifecycle_rules(), "ID")},
        )
        if not session.is_loopback:  # that one speaks plain HTTP
            text = _told(client, "get_bucket_policy", name, "Policy")
            wished = bucket_policy(place(session))
            others = json.loads(text)["Statement"] if text else []
            statements = merged(others, wished["Statement"], "Sid")
            client.put_bucket_policy(
                Bucket=name, Policy=json.dumps({**wished, "Statement": statements})
            )


def lifecycle_rules() -> list[dict[str, Any]]:
    """What S3 removes by itself: report text on its way, old versions of it, broken uploads.

    Shards of a batch last as long as the batch does; results and models for ever.
    """
    old: dict[str, Any] = {"NoncurrentVersionExpiration": {"NoncurrentDays": DELETED_DAYS}}
    passing = {"Expiration": {"Days": PASSING_DAYS}, **old}
    ended = {"Expiration": {"ExpiredObjectDeleteMarker": True}, **old}
    broken: dict[str, Any] = {
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": UNFINISHED_DAYS}
    }
    rules = {"invoke/": passing, "endpoints/": passing, "batch/": ended, "": broken}
    return [
        {
            "ID": f"radimpress {prefix or 'unfinished uploads'}",
            "Status": "Enabled",
            "Filter": {"Prefix": prefix},
            **rule,
        }
        for prefix, rule in rules.items()
    ]


def merged(
    present: Iterable[Mapping[str, Any]], ours: Iterable[Mapping[str, Any]], name: str
) -> list[Mapping[str, Any]]:
    """`present` with `ours` in place of those of the same `name`; what others set stays."""
    wanted = list(ours)
    names = {one[name] for one in wanted}
    return [*(one for one in present if one.get(name) not in names), *wanted]


def encryption(session: Session) -> dict[str, Any]:
    """The rule of default encryption: our KMS key, else S3's own."""
    if key := session.cloud.kms_key:
        by = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
        return {"ApplyServerSideEncryptionByDefault": by, "BucketKeyEnabled": True}
    return {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}


def _refuse_strangers(session: Session) -> None:
    """Only what is ours may be changed, and later emptied by a teardown.

    Ours by its tag; by the name that is made of project and account; or while it is empty.
    """
    client, name = session.client("s3"), session.bucket
    with spoken(f"look at bucket {name}"):
        if name == session.own_bucket:
            return
        if is_ours(_told(client, "get_bucket_tagging", name, "TagSet"), session.cloud):
            return
        if not client.list_objects_v2(Bucket=name, MaxKeys=1).get("Contents"):
            return
    raise next_step(
        f"bucket {name} holds objects and does not carry the tag {PROJECT}={session.cloud.project}",
        "name another, or tag it where all in it is this project's: a teardown empties it",
    )


def _own_tags(session: Session) -> dict[str, str]:
    return tagged(tags(session.cloud, "bucket"))


def _told(client: Any, operation: str, bucket: str, key: str) -> Any:
    """What the bucket has of something; empty where it has none."""
    try:
        return getattr(client, operation)(Bucket=bucket)[key]
    except client.exceptions.ClientError as error:
        if error_code(error) in UNSET:
            return []
        raise
