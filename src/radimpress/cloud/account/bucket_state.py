"""How the project's bucket is protected."""

import json
from dataclasses import dataclass
from typing import Any

from radimpress.cloud.account.patience import quick
from radimpress.cloud.refusals import error_code
from radimpress.cloud.session import Session

NOT_SET = (
    *("ServerSideEncryptionConfigurationNotFoundError", "NoSuchPublicAccessBlockConfiguration"),
    "NoSuchBucketPolicy",
)


@dataclass(frozen=True, slots=True)
class BucketState:
    """`encryption` is "AES256", "aws:kms" or "" (none set); `key` the KMS key, "" for S3's own."""

    encryption: str
    key: str
    public_is_blocked: bool
    only_tls: bool
    versioned: bool


def bucket_state(session: Session) -> BucketState:
    """Look at the bucket, which must exist. Raises botocore's ClientError where we may not."""
    client, name = quick(session, "s3"), session.bucket
    encryption = _asked(client, "get_bucket_encryption", name)
    rules = encryption.get("ServerSideEncryptionConfiguration", {}).get("Rules", [])
    default = rules[0].get("ApplyServerSideEncryptionByDefault", {}) if rules else {}
    blocked = _asked(client, "get_public_access_block", name)
    policy = json.loads(_asked(client, "get_bucket_policy", name).get("Policy", "{}"))
    return BucketState(
        encryption=default.get("SSEAlgorithm", ""),
        key=default.get("KMSMasterKeyID", ""),
        public_is_blocked=all(blocked.get("PublicAccessBlockConfiguration", {"": False}).values()),
        only_tls=_refuses_plain_http(policy),
        versioned=_asked(client, "get_bucket_versioning", name).get("Status") == "Enabled",
    )


def _asked(client: Any, operation: str, bucket: str) -> dict[str, Any]:
    from botocore.exceptions import ClientError

    try:
        answer: dict[str, Any] = getattr(client, operation)(Bucket=bucket)
    except ClientError as error:
        if error_code(error) in NOT_SET:
            return {}
        raise
    return answer


def _refuses_plain_http(policy: dict[str, Any]) -> bool:
    """Whether a statement denies everything to requests without TLS."""
    return any(
        one.get("Effect") == "Deny"
        and one.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport")
        in ("false", ["false"])
        for one in policy.get("Statement", [])
    )
