"""The policies as JSON documents: for the person, the role, its trust, the bucket."""

from collections import defaultdict
from typing import Any

from radimpress.cloud.policy.action import Only, Who
from radimpress.cloud.policy.resources import Place, Scope
from radimpress.cloud.policy.table import needed
from radimpress.cloud.session import Session

VERSION = "2012-10-17"  # of IAM's policy language
LIMIT = 6144  # characters without white space of a managed policy
SERVICE = "sagemaker.amazonaws.com"

Document = dict[str, Any]
Key = tuple[tuple[Scope, ...], tuple[str, str, str] | None]


def place(session: Session, tracking_uri: str | None = None) -> Place:
    """The account of `session`, named as its configuration names things.

    `tracking_uri` counts where it is the ARN of a managed MLflow server.
    """
    cloud = session.cloud
    managed = tracking_uri if (tracking_uri or "").startswith("arn:") else None
    return Place(
        session.account,
        session.region,
        cloud.project,
        session.bucket,
        session.role_arn,
        cloud.kms_key,
        bool(cloud.subnets),
        managed,
    )


def identity_policy(place: Place, who: Who) -> Document:
    """What `who` may do: one statement for each set of resources and condition.

    No action is a wildcard; the resource "*" stands only where an action knows no resource.
    """
    together: dict[Key, list[str]] = defaultdict(list)
    wishes = {Only.kms: place.kms_key, Only.vpc: place.vpc, Only.mlflow: place.tracking}
    for one in needed(who, [option for option, wish in wishes.items() if wish]):
        names = together[one.scopes, one.condition]
        if one.name not in names:
            names.append(one.name)
    statements = [_statement(place, key, names) for key, names in together.items()]
    return {"Version": VERSION, "Statement": statements}


def trust_policy(place: Place) -> Document:
    """Who may take the execution role: SageMaker, for jobs and endpoints of this account only."""
    return {
        "Version": VERSION,
        "Statement": [
            {
                "Sid": "SageMakerOfThisAccount",
                "Effect": "Allow",
                "Principal": {"Service": SERVICE},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": place.account},
                    "ArnLike": {
                        "aws:SourceArn": f"arn:{place.partition}:sagemaker:{place.region}:"
                        f"{place.account}:*"
                    },
                },
            }
        ],
    }


def bucket_policy(place: Place) -> Document:
    """What nobody may do with the bucket: ask without TLS, or store in another encryption.

    It only denies, so it makes nothing public; who may do what stands in the identity policies.
    """
    both = [place.arn(Scope.bucket), place.arn(Scope.objects)]
    statements: list[Document] = [
        _deny("OnlyTls", "s3:*", both, {"Bool": {"aws:SecureTransport": "false"}}),
        _deny("OnlyNewTls", "s3:*", both, {"NumericLessThan": {"s3:TlsVersion": "1.2"}}),
        _deny(
            "OnlyServerSideEncryption",
            "s3:PutObject",
            both[1:],
            {
                "StringNotEquals": {"s3:x-amz-server-side-encryption": ["aws:kms", "AES256"]},
                "Null": {"s3:x-amz-server-side-encryption": "false"},
            },
        ),
    ]
    if place.kms_key:
        statements.append(
            _deny(
                "OnlyOurKey",
                "s3:PutObject",
                both[1:],
                {
                    "StringNotEquals": {
                        "s3:x-amz-server-side-encryption-aws-kms-key-id": place.kms_key
                    },
                    "Null": {"s3:x-amz-server-side-encryption-aws-kms-key-id": "false"},
                },
            )
        )
    return {"Version": VERSION, "Statement": statements}


def _statement(place: Place, key: Key, names: list[str]) -> Document:
    scopes, condition = key
    ends = dict.fromkeys((scopes[0], scopes[-1]))
    made: Document = {
        "Sid": "".join(_word(scope.name) for scope in ends) + ("Limited" if condition else ""),
        "Effect": "Allow",
        "Action": sorted(names),
        "Resource": sorted(place.arn(scope) for scope in scopes),
    }
    if condition:
        operator, subject, value = condition
        made["Condition"] = {operator: {subject: value.format(project=place.project)}}
    return made


def _deny(sid: str, action: str, resources: list[str], condition: Document) -> Document:
    return {
        "Sid": sid,
        "Effect": "Deny",
        "Principal": "*",
        "Action": action,
        "Resource": resources,
        "Condition": condition,
    }


def _word(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
