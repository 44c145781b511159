import json

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from radimpress.cloud.invoke.answers import (
    Failed,
    is_of_the_report,
    read_answer,
    reason_of,
    version_of,
)
from radimpress.cloud.invoke.throttling import ContainerError, Trouble
from radimpress.runtime.errors import RadimpressError


def by_container(status: int, message: str = "") -> ClientError:
    said = {"Error": {"Code": "ModelError", "Message": "it said: CANARY"}}
    more = {"OriginalStatusCode": status, "OriginalMessage": message}
    return ClientError({**said, **more}, "InvokeEndpoint")


def test_an_answer_names_the_model_that_wrote_it():
    model = {"name": "radimpress", "version": 3, "fingerprint": "ff"}
    answer = read_answer(json.dumps({"impression": "Clear.", "model": model}).encode(), "e")
    assert version_of(answer) == {"name": "radimpress", "version": "3", "fingerprint": "ff"}
    assert version_of({"impression": "Clear."}) == {}


@pytest.mark.parametrize("body", [b"body", b"[]", b'{"impression": 3}', b'{"text": "CANARY"}'])
def test_what_is_no_answer_is_refused_unquoted(body):
    with pytest.raises(RadimpressError, match="endpoint e does not answer by the contract") as seen:
        read_answer(body, "e")
    assert "CANARY" not in str(seen.value)


def test_our_own_refusals_are_quoted_and_others_are_not():
    ours = {"error": {"code": "bad_field", "field": "findings", "message": "long", "next": "cut"}}
    assert reason_of(by_container(400, json.dumps(ours))) == "status 400: long; cut"
    assert reason_of(by_container(400, "CANARY")) == "status 400"
    assert reason_of(by_container(500, '{"error": "CANARY"}')) == "status 500"
    assert reason_of(ReadTimeoutError(endpoint_url="x")) == "no answer in time"


def test_a_container_s_failure_is_of_the_report_and_aws_s_is_not():
    assert is_of_the_report(by_container(500))
    assert is_of_the_report(ContainerError(Trouble.fault, 504))
    assert is_of_the_report(ReadTimeoutError(endpoint_url="x"))
    assert not is_of_the_report(EndpointConnectionError(endpoint_url="x"))
    assert not is_of_the_report(ClientError({"Error": {"Code": "ThrottlingException"}}, "x"))


def test_a_failure_is_a_line_like_the_server_s_refusals():
    line = Failed("s1", "status 500").as_answer()
    assert line == {"study_id": "s1", "error": {"message": "status 500"}}
