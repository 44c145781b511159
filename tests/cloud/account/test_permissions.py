import pytest
from botocore.stub import ANY, Stubber

from radimpress.cloud.account.patience import quick
from radimpress.cloud.account.permissions import (
    caller,
    denied_actions,
    principal_arn,
    sagemaker_may_take,
)
from radimpress.cloud.policy.action import Who
from radimpress.cloud.policy.documents import identity_policy, place
from radimpress.cloud.session import Session, open_session
from radimpress.config.cloud import Cloud
from radimpress.runtime.errors import RadimpressError

PERSON = "arn:aws:iam::123456789012:user/somebody"


def test_the_caller_is_who_the_credentials_speak_for(session: Session) -> None:
    assert ":123456789012:" in caller(session)


def test_without_credentials_the_caller_is_one_line(
    loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(RadimpressError, match="no AWS credentials.*aws configure sso"):
        caller(open_session(Cloud()))


def test_an_assumed_role_is_asked_for_by_its_full_name(session: Session, loopback) -> None:
    made = loopback.client("iam").create_role(
        RoleName="Trainers", Path="/aws-reserved/sso/", AssumeRolePolicyDocument="{}"
    )
    assumed = "arn:aws:sts::123456789012:assumed-role/Trainers/somebody@example.org"
    assert principal_arn(session, assumed) == made["Role"]["Arn"]
    assert "/aws-reserved/sso/" in principal_arn(session, assumed)
    assert principal_arn(session, PERSON) == PERSON


def test_a_roles_trust_names_sagemaker_or_not(session: Session, loopback) -> None:
    trust = '{"Statement": [{"Principal": {"Service": "lambda.amazonaws.com"}}]}'
    loopback.client("iam").create_role(RoleName="other", AssumeRolePolicyDocument=trust)
    assert sagemaker_may_take(session, session.role_arn) is True
    assert sagemaker_may_take(session, "arn:aws:iam::123456789012:role/other") is False
    assert sagemaker_may_take(session, "arn:aws:iam::123456789012:role/none") is None


def test_denied_actions_are_those_that_iams_simulation_denies(session: Session) -> None:
    where = place(session)
    statements = identity_policy(where, Who.role)["Statement"]
    with Stubber(quick(session, "iam")) as answers:
        for statement in statements:
            results = [
                {
                    "EvalActionName": action,
                    "EvalDecision": "implicitDeny" if action == "s3:PutObject" else "allowed",
                }
                for action in statement["Action"]
            ]
            sent = {
                "PolicySourceArn": PERSON,
                "ActionNames": statement["Action"],
                "ResourceArns": ANY,
                "ContextEntries": ANY,
            }
            answers.add_response("simulate_principal_policy", {"EvaluationResults": results}, sent)
        assert denied_actions(session, PERSON, where, Who.role) == ["s3:PutObject"]
        answers.assert_no_pending_responses()


def test_who_may_not_ask_for_a_simulation_is_not_called_denied(session: Session) -> None:
    with Stubber(quick(session, "iam")) as answers:
        answers.add_client_error("simulate_principal_policy", "AccessDenied")
        assert denied_actions(session, PERSON, place(session), Who.role) is None
