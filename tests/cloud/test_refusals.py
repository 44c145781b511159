import pytest
from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)

from radimpress.cloud.refusals import error_code, refusal, spoken
from radimpress.runtime.errors import RadimpressError


def client_error(code):
    return ClientError({"Error": {"Code": code, "Message": "because"}}, "CreateTrainingJob")


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (NoCredentialsError(), "there are no AWS credentials; next: run `aws configure sso`"),
        (EndpointConnectionError(endpoint_url="https://x"), r"cannot be reached \(asking\)"),
        (client_error("ResourceLimitExceeded"), "because; next: ask for a higher quota"),
        (client_error("AccessDeniedException"), "because; next: run `radimpress cloud policy`"),
        (client_error("Odd"), "Odd: because; next: run `radimpress doctor --aws`"),
    ],
)
def test_what_aws_refuses_is_one_line_with_a_next_step(error, line):
    with pytest.raises(RadimpressError, match=line) as caught, spoken("asking"):
        raise error
    assert "\n" not in str(caught.value)


def test_other_errors_pass_unchanged():
    with pytest.raises(KeyError), spoken("asking"):
        raise KeyError("x")


def test_a_refusal_without_a_code_says_what_was_raised():
    assert "boom" in str(refusal("asking", ValueError("boom")))


def test_an_error_that_carries_an_empty_response_has_no_code():
    assert error_code(ReadTimeoutError(endpoint_url="x")) == ""


def test_a_containers_own_words_are_withheld():
    said = {"Error": {"Code": "ModelError", "Message": 'container said "Small effusion."'}}
    told = str(refusal("asking", ClientError(said, "InvokeEndpoint")))
    assert "effusion" not in told
    assert "its words are withheld" in told
