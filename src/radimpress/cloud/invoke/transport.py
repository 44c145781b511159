"""How a request reaches an endpoint: at once, or through files in S3."""

import re
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol
from urllib.parse import urlsplit
from uuid import uuid4

from radimpress.cloud.invoke.endpoint import Endpoint
from radimpress.cloud.invoke.throttling import ContainerError, status_trouble
from radimpress.cloud.refusals import error_code
from radimpress.cloud.session import Session
from radimpress.cloud.storage import encryption

JSON = "application/json"
ANSWER_S = 70.0  # SageMaker itself gives a container 60 s
FOLDER = "invoke"  # of the project's bucket: what asynchronous endpoints are asked
FIRST_POLL_S, LONGEST_POLL_S = 0.1, 5.0
ABSENT = ("NoSuchKey", "404", "NotFound")
STATUS = re.compile(r"\b([45]\d\d)\b")


class Transport(Protocol):
    """Sends one request body and returns the body of the answer; raises botocore's errors."""

    def send(self, body: bytes) -> bytes:
        """Safe to call from several threads."""
        ...


def transport(session: Session, endpoint: Endpoint, connections: int) -> Transport:
    """The way to `endpoint`, with room for `connections` requests at once."""
    runtime = session.client("sagemaker-runtime", ANSWER_S, attempts=1, connections=connections)
    if endpoint.is_asynchronous:
        return ThroughS3(session, runtime, endpoint.name, connections)
    return AtOnce(runtime, endpoint.name)


class AtOnce:
    """Real-time and serverless endpoints: the answer is the response."""

    def __init__(self, runtime: Any, name: str) -> None:
        self._runtime, self._name = runtime, name

    def send(self, body: bytes) -> bytes:
        """One InvokeEndpoint."""
        answer = self._runtime.invoke_endpoint(
            EndpointName=self._name, ContentType=JSON, Accept=JSON, Body=body
        )
        return bytes(answer["Body"].read())


class ThroughS3:
    """Asynchronous endpoints: request and answer are files in S3, both deleted when read."""

    def __init__(
        self,
        session: Session,
        runtime: Any,
        name: str,
        connections: int,
        answer_s: float = 1200.0,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._runtime, self._name, self._bucket = runtime, name, session.bucket
        self._s3 = session.client("s3", connections=connections)
        self._encryption = encryption(session)
        self._answer_s, self._sleep = answer_s, sleep

    def send(self, body: bytes) -> bytes:
        """Put the request, ask, wait for the answer. Raises ContainerError without one."""
        asked = f"s3://{self._bucket}/{FOLDER}/{self._name}/{uuid4().hex}.json"
        used = [asked]
        try:
            self._s3.put_object(Body=body, ContentType=JSON, **_place(asked), **self._encryption)
            accepted = self._runtime.invoke_endpoint_async(
                EndpointName=self._name, ContentType=JSON, Accept=JSON, InputLocation=asked
            )
            used += [accepted[k] for k in ("OutputLocation", "FailureLocation") if accepted.get(k)]
            return self._wait(accepted["OutputLocation"], accepted.get("FailureLocation"))
        finally:
            for address in used:
                with suppress(Exception):  # a lifecycle rule of the bucket takes what stays
                    self._s3.delete_object(**_place(address))

    def _wait(self, output: str, failure: str | None) -> bytes:
        deadline, pause = time.monotonic() + self._answer_s, FIRST_POLL_S
        while time.monotonic() < deadline:
            if (found := self._read(output)) is not None:
                return found
            if failure and (said := self._read(failure)) is not None:
                status = STATUS.search(said.decode("utf-8", "replace"))
                code = int(status.group(1)) if status else 500
                raise ContainerError(status_trouble(code), code)
            self._sleep(pause)
            pause = min(LONGEST_POLL_S, pause * 1.5)
        raise ContainerError(status_trouble(504), 504)

    def _read(self, address: str) -> bytes | None:
        from botocore.exceptions import ClientError

        try:
            return bytes(self._s3.get_object(**_place(address))["Body"].read())
        except ClientError as error:
            if error_code(error) in ABSENT:
                return None
            raise


def _place(address: str) -> dict[str, str]:
    split = urlsplit(address)
    return {"Bucket": split.netloc, "Key": split.path.lstrip("/")}
