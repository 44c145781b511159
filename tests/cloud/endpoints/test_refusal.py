import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError

from radimpress.cloud.endpoints.refusal import EndpointSilentError, is_outage, refused
from radimpress.cloud.refusals import spoken
from radimpress.runtime.errors import RadimpressError


def spoken_error(cause):
    with pytest.raises(RadimpressError) as caught, spoken("it"):
        raise cause
    return caught.value


def said(code):
    return ClientError({"Error": {"Code": code, "Message": "m"}}, "X")


@pytest.mark.parametrize(
    ("cause", "outage"),
    [
        (said("ThrottlingException"), True),
        (said("InternalFailure"), True),
        (said("ExpiredToken"), True),
        (NoCredentialsError(), True),
        (EndpointConnectionError(endpoint_url="https://x"), True),
        (said("ValidationException"), False),
        (said("ResourceLimitExceeded"), False),
    ],
)
def test_an_aws_that_cannot_be_asked_refuses_nobody(cause, outage):
    assert is_outage(spoken_error(cause)) is outage


def test_a_refusal_is_none_and_an_endless_change_is_one():
    assert not is_outage(refused("no", "mend"))
    assert not is_outage(RadimpressError("too dear"))
    assert is_outage(EndpointSilentError("still Updating"))
    assert str(refused("no", "mend")) == "no; next: mend"
