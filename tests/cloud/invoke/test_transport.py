import json

import pytest

from radimpress.cloud.invoke.endpoint import Endpoint
from radimpress.cloud.invoke.throttling import ContainerError, Trouble
from radimpress.cloud.invoke.transport import AtOnce, ThroughS3, transport

BUCKET = "radimpress-123456789012-us-east-1"
REQUEST = b'{"findings": "Clear."}'


class Runtime:
    """An asynchronous endpoint that writes its answer, or its failure, after some looks."""

    def __init__(self, s3, answer=b'{"impression": "Clear."}', failure=None):
        self.s3, self.answer, self.failure, self.read = s3, answer, failure, b""

    def invoke_endpoint_async(self, InputLocation, **asked):  # noqa: N803
        key = InputLocation.removeprefix(f"s3://{BUCKET}/")
        self.read = self.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
        return {
            "OutputLocation": f"s3://{BUCKET}/out/1.out",
            "FailureLocation": f"s3://{BUCKET}/out/1-error.out",
        }

    def arrive(self, _: float) -> None:
        """What happens while the client waits."""
        if self.failure is not None:
            self.s3.put_object(Bucket=BUCKET, Key="out/1-error.out", Body=self.failure)
        elif self.answer is not None:
            self.s3.put_object(Bucket=BUCKET, Key="out/1.out", Body=self.answer)


def keys(s3):
    return [found["Key"] for found in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def ask(session, runtime, answer_s=5.0):
    return ThroughS3(session, runtime, "e", 2, answer_s, runtime.arrive).send(REQUEST)


def test_an_asynchronous_answer_is_waited_for_and_nothing_stays_in_s3(session):
    s3 = session.client("s3")
    runtime = Runtime(s3)
    assert json.loads(ask(session, runtime)) == {"impression": "Clear."}
    assert runtime.read == REQUEST
    assert keys(s3) == []


@pytest.mark.parametrize(
    ("said", "status", "kind"),
    [
        (b"Received client error (400) from primary", 400, Trouble.final),
        (b'{"message": "server error (503)"}', 503, Trouble.busy),
        (b"something went wrong", 500, Trouble.fault),
    ],
)
def test_an_asynchronous_failure_says_what_to_make_of_it(session, said, status, kind):
    s3 = session.client("s3")
    with pytest.raises(ContainerError) as raised:
        ask(session, Runtime(s3, failure=said))
    assert (raised.value.status, raised.value.kind) == (status, kind)
    assert keys(s3) == []


def test_an_answer_that_never_comes_is_a_fault(session):
    s3 = session.client("s3")
    with pytest.raises(ContainerError, match="504"):
        ask(session, Runtime(s3, answer=None), answer_s=0.05)
    assert keys(s3) == []


def test_the_mode_of_the_endpoint_chooses_the_way(session):
    at_once = Endpoint("e", "arn", "c", "InService", is_asynchronous=False)
    through_s3 = Endpoint("e", "arn", "c", "InService", is_asynchronous=True)
    assert isinstance(transport(session, at_once, 4), AtOnce)
    assert isinstance(transport(session, through_s3, 4), ThroughS3)
