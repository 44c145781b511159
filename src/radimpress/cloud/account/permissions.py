"""Who we are, and what of the needed a person or role may not do (IAM's own simulation)."""

from collections.abc import Mapping
from typing import Any

from radimpress.cloud.account.patience import DENIED, quick
from radimpress.cloud.policy.action import Who
from radimpress.cloud.policy.documents import identity_policy
from radimpress.cloud.policy.resources import Place
from radimpress.cloud.refusals import error_code, spoken
from radimpress.cloud.session import Session

MISSING_ROLE = ("NoSuchEntity", "NoSuchEntityException")
SERVICE = "sagemaker.amazonaws.com"


def caller(session: Session) -> str:
    """The ARN that our credentials speak for. Raises RadimpressError without valid ones."""
    with spoken("who am I"):
        return str(quick(session, "sts").get_caller_identity()["Arn"])


def principal_arn(session: Session, arn: str) -> str:
    """The user or role behind `arn`, as IAM's simulation takes it.

    An assumed role's ARN (arn:aws:sts::123456789012:assumed-role/NAME/SESSION) hides the path of
    its role, which IAM is asked for.
    """
    if ":assumed-role/" not in arn:
        return arn
    name = arn.split("/")[1]
    return str(quick(session, "iam").get_role(RoleName=name)["Role"]["Arn"])


def sagemaker_may_take(session: Session, role_arn: str) -> bool | None:
    """Whether the role's trust names SageMaker; None where the role does not exist."""
    from botocore.exceptions import ClientError

    try:
        role = quick(session, "iam").get_role(RoleName=role_arn.rpartition("/")[2])["Role"]
    except ClientError as error:
        if error_code(error) in MISSING_ROLE:
            return None
        raise
    return SERVICE in str(role["AssumeRolePolicyDocument"])


def denied_actions(session: Session, arn: str, place: Place, who: Who) -> list[str] | None:
    """Those actions of `who` that `arn` may not do; None where we may not ask.

    One simulation for each statement of the policy that `radimpress cloud policy` prints.
    Permissions boundaries count; service control policies of the organisation do not.
    """
    from botocore.exceptions import ClientError

    found: set[str] = set()
    try:
        for statement in identity_policy(place, who)["Statement"]:
            found |= _denied(session, arn, statement)
    except ClientError as error:
        if error_code(error) in DENIED:
            return None
        raise
    return sorted(found)


def _denied(session: Session, arn: str, statement: Mapping[str, Any]) -> set[str]:
    """The actions of one statement that are denied on any of its resources."""
    pages = quick(session, "iam").get_paginator("simulate_principal_policy")
    answers = pages.paginate(
        PolicySourceArn=arn,
        ActionNames=statement["Action"],
        ResourceArns=[_example(resource) for resource in statement["Resource"]],
        ContextEntries=_context(statement),
    )
    return {
        result["EvalActionName"]
        for page in answers
        for result in page["EvaluationResults"]
        if result["EvalDecision"] != "allowed"
    }


def _example(resource: str) -> str:
    """A thing that the pattern names: IAM simulates resources, not patterns."""
    return resource if resource == "*" else resource.replace("*", "x")


def _context(statement: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a request would carry so that the statement's condition holds."""
    return [
        {
            "ContextKeyName": key,
            "ContextKeyValues": [str(value).replace("*", "")],
            "ContextKeyType": "boolean" if operator == "Bool" else "string",
        }
        for operator, wanted in statement.get("Condition", {}).items()
        for key, value in wanted.items()
    ]
