import pytest
from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)

from radimpress.cloud.invoke.throttling import (
    ContainerError,
    Patience,
    Trouble,
    container_status,
    patiently,
    status_trouble,
    trouble,
)


def refused(code: str, http: int = 400, **more: object) -> ClientError:
    said = {"Error": {"Code": code, "Message": "m"}, "ResponseMetadata": {"HTTPStatusCode": http}}
    return ClientError({**said, **more}, "InvokeEndpoint")


def by_container(status: int) -> ClientError:
    return refused("ModelError", 424, OriginalStatusCode=status)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (refused("ThrottlingException"), Trouble.busy),
        (refused("ModelNotReadyException", 429), Trouble.busy),
        (refused("ServiceUnavailable", 503), Trouble.busy),
        (refused("SlowDown", 503), Trouble.busy),
        (by_container(429), Trouble.busy),
        (by_container(503), Trouble.busy),
        (refused("InternalFailure", 500), Trouble.fault),
        (refused("InternalDependencyException", 530), Trouble.fault),
        (refused("SomethingNew", 502), Trouble.fault),
        (by_container(500), Trouble.fault),
        (by_container(504), Trouble.fault),
        (ReadTimeoutError(endpoint_url="x"), Trouble.fault),
        (EndpointConnectionError(endpoint_url="x"), Trouble.fault),
        (ContainerError(Trouble.busy, 503), Trouble.busy),
        (by_container(400), Trouble.final),
        (by_container(413), Trouble.final),
        (refused("ValidationError"), Trouble.final),
        (refused("AccessDeniedException", 403), Trouble.final),
        (NoCredentialsError(), Trouble.final),
        (ValueError("ours"), Trouble.final),
    ],
    ids=lambda value: value.name if isinstance(value, Trouble) else "",
)
def test_what_passes_by_itself_is_told_from_what_does_not(error, expected):
    assert trouble(error) is expected


def test_the_container_s_own_status_is_found():
    assert container_status(by_container(504)) == 504
    assert container_status(ContainerError(status_trouble(429), 429)) == 429
    assert container_status(refused("ThrottlingException")) == 0


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now, self.slept = 0.0, list[float]()

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


PATIENCE = Patience()


def attempts(errors, patience=PATIENCE):
    """Run a call that fails with `errors` first; how often it was made, and the waits between."""
    left, clock, made = list(errors), Clock(), [0]

    def call() -> str:
        made[0] += 1
        if left:
            raise left.pop(0)
        return "answer"

    result = patiently(call, patience, clock.sleep, lambda: 1.0, lambda: clock.now)
    return result, made[0], clock.slept


def test_a_throttled_call_is_made_again_with_doubling_waits():
    result, made, slept = attempts([refused("ThrottlingException")] * 4)
    assert (result, made) == ("answer", 5)
    assert slept == [0.4, 0.8, 1.6, 3.2]


def test_waits_have_a_bound():
    _, _, slept = attempts([refused("ThrottlingException")] * 12)
    assert max(slept) == 20.0


def test_a_share_of_the_wait_keeps_clients_apart():
    assert Patience().wait(3, 0.25) == 0.25 * Patience().wait(3, 1.0)


def test_faults_have_a_number_and_throttles_a_time():
    with pytest.raises(ClientError, match="InternalFailure"):
        attempts([refused("InternalFailure", 500)] * 5)
    assert attempts([refused("InternalFailure", 500)] * 4)[1] == 5
    with pytest.raises(ClientError, match="ThrottlingException"):
        attempts([refused("ThrottlingException")] * 1000, Patience(busy_s=60))


def test_throttles_between_do_not_use_up_the_faults():
    fault, busy = refused("InternalFailure", 500), refused("ThrottlingException")
    assert attempts([fault, busy, busy, busy, fault, busy, fault, busy])[1] == 9


def test_what_will_fail_again_is_not_asked_again():
    clock = Clock()
    with pytest.raises(ClientError, match="AccessDenied"):
        patiently(
            lambda: (_ for _ in ()).throw(refused("AccessDeniedException", 403)),
            Patience(),
            clock.sleep,
        )
    assert clock.slept == []
