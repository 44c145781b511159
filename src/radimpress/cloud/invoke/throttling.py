"""Asking again: which refusals pass by themselves, and how long to wait between two attempts.

Waiting times follow AWS's "full jitter" (Exponential Backoff And Jitter, AWS Architecture Blog,
2015): a random share of a bound that doubles, so that many clients do not come back together.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from radimpress.cloud.refusals import error_code

Answer = TypeVar("Answer")
BUSY = {
    "ThrottlingException",
    "Throttling",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "ProvisionedThroughputExceededException",
    "SlowDown",
    "ModelNotReadyException",
    "ServiceUnavailable",
    "ServiceUnavailableException",
}
FAULTS = {"InternalFailure", "InternalServerError", "InternalError", "InternalDependencyException"}
BUSY_STATUSES = {429, 503}  # of the container: its queue is full, or it is loading
FAULT_STATUSES = {500, 502, 504}


class Trouble(Enum):
    """What to make of a failed attempt."""

    busy = "busy"  # will pass: wait as long as patience lasts
    fault = "fault"  # may pass: a few attempts
    final = "final"  # the same request will fail again


class ContainerError(Exception):
    """A container's failure that no error of botocore's stands for; `status` as in HTTP."""

    def __init__(self, kind: Trouble, status: int) -> None:
        super().__init__(f"status {status}")
        self.kind, self.status = kind, status


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to go on. Seconds but for `faults`."""

    faults: int = 5  # attempts that may end in a fault
    busy_s: float = 900.0  # from the first attempt; an endpoint at zero instances takes minutes
    first_s: float = 0.2  # bound of the first wait
    longest_s: float = 20.0  # bound of any wait

    def wait(self, attempt: int, share: float) -> float:
        """Seconds before the attempt after number `attempt` (from 1); `share` is in [0, 1)."""
        return float(share * min(self.longest_s, self.first_s * 2 ** min(attempt, 30)))


def trouble(error: Exception) -> Trouble:
    """What to make of an error of botocore's or a ContainerError; anything else is final."""
    from botocore.exceptions import (
        BotoCoreError,
        ClientError,
        ConnectionError,
        HTTPClientError,
        NoCredentialsError,
    )

    if isinstance(error, ContainerError):
        return error.kind
    if isinstance(error, ClientError):
        return _refusal(error)
    if isinstance(error, NoCredentialsError):
        return Trouble.final
    passing = isinstance(error, (ConnectionError, HTTPClientError))  # timeouts are of both
    return Trouble.fault if passing and isinstance(error, BotoCoreError) else Trouble.final


def container_status(error: Exception) -> int:
    """The HTTP status that the container gave, of a ModelError or a ContainerError; 0 if none."""
    if isinstance(error, ContainerError):
        return error.status
    response = getattr(error, "response", None) or {}
    return int(response.get("OriginalStatusCode") or 0)


def status_trouble(status: int) -> Trouble:
    """What to make of a status that the container itself gave."""
    if status in BUSY_STATUSES:
        return Trouble.busy
    return Trouble.fault if status in FAULT_STATUSES else Trouble.final


def patiently(
    call: Callable[[], Answer],
    patience: Patience,
    sleep: Callable[[float], object] = time.sleep,
    share: Callable[[], float] = random.random,
    now: Callable[[], float] = time.monotonic,
) -> Answer:
    """What `call` returns, asked again while its trouble may pass; else its last error."""
    started, attempt, faults = now(), 0, 0
    while True:
        attempt += 1
        try:
            return call()
        except Exception as error:
            kind = trouble(error)
            faults += kind is Trouble.fault
            wait = patience.wait(attempt, share())
            late = now() + wait - started > patience.busy_s
            if kind is Trouble.final or faults >= patience.faults or late:
                raise
        sleep(wait)


def _refusal(error: Exception) -> Trouble:
    code = error_code(error)
    if code == "ModelError":
        return status_trouble(container_status(error))
    if code in BUSY:
        return Trouble.busy
    metadata = (getattr(error, "response", None) or {}).get("ResponseMetadata", {})
    server = int(metadata.get("HTTPStatusCode", 0)) >= 500
    return Trouble.fault if code in FAULTS or server else Trouble.final
