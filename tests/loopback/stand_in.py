"""An endpoint that answers by the contract of docs/serving.md without a model or a process."""

import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from werkzeug.wrappers import Response

from loopback.call import Call, Refusal
from loopback.server import Loopback, Operation
from radimpress.cloud.tags import tags
from radimpress.config.cloud import Cloud


def model_error(status: int, message: str = "") -> Response:
    """InvokeEndpoint's answer where the container failed."""
    body = {"OriginalStatusCode": status, "OriginalMessage": message, "Message": "container"}
    return Response(json.dumps(body), 424, {"x-amzn-ErrorType": "ModelError"})


@dataclass
class StandIn:
    """An endpoint whose impression is its version and the findings, upper case."""

    name: str = "stand-in"
    config: str = "stand-in-1"
    version: str = "1"
    state: str = "InService"
    captures: bool = False
    tags: list[dict[str, str]] = field(default_factory=lambda: tags(Cloud(), "endpoint"))
    slow_s: float = 0.0
    asked: Counter[str] = field(default_factory=Counter)  # by study id
    troubles: defaultdict[str, list[Response]] = field(default_factory=lambda: defaultdict(list))
    requests: list[dict[str, Any]] = field(default_factory=list)
    at_once: int = 0  # the most requests that were in flight together
    _in_flight: int = 0
    _turn: Lock = field(default_factory=Lock)

    def describe(self, call: Call) -> dict[str, Any]:
        """DescribeEndpoint."""
        if call.request["EndpointName"] != self.name:
            raise Refusal("ValidationException", "Could not find endpoint")
        return {
            "EndpointName": self.name,
            "EndpointArn": f"arn:aws:sagemaker:us-east-1:123456789012:endpoint/{self.name}",
            "EndpointConfigName": self.config,
            "EndpointStatus": self.state,
            "CreationTime": 0,
            "LastModifiedTime": 0,
            "DataCaptureConfig": {
                "EnableCapture": self.captures,
                "CaptureStatus": "Started",
                "CurrentSamplingPercentage": 1,
                "DestinationS3Uri": "s3://somewhere",
                "KmsKeyId": "",
            },
        }

    def invoke(self, call: Call) -> Response:
        """InvokeEndpoint."""
        request = json.loads(call.body)
        study = str(request.get("study_id", ""))
        with self._turn:
            self._in_flight += 1
            self.at_once = max(self.at_once, self._in_flight)
            self.asked[study] += 1
            self.requests.append(request)
            trouble = self.troubles[study].pop(0) if self.troubles[study] else None
        time.sleep(self.slow_s)
        with self._turn:
            self._in_flight -= 1
        return trouble or Response(json.dumps(self.answer(request)), mimetype="application/json")

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """What the container would say."""
        model = {"name": "radimpress", "version": self.version, "fingerprint": "f" * 64}
        impression = f"{self.version}: {request['findings'].upper()}"
        told = {"study_id": request.get("study_id"), "impression": impression, "model": model}
        return {**told, "truncated": False, "clipped": False}


@contextmanager
def standing_in(loopback: Loopback) -> Iterator[StandIn]:
    """Let a stand-in answer what the loopback is asked about endpoints."""
    endpoint = StandIn()
    taken: dict[str, Operation] = {
        "sagemaker:DescribeEndpoint": endpoint.describe,
        "sagemaker:ListTags": lambda _: {"Tags": endpoint.tags},
        "sagemaker:InvokeEndpoint": endpoint.invoke,
    }
    before = {name: loopback.operations.get(name) for name in taken}
    loopback.operations.update(taken)
    try:
        yield endpoint
    finally:
        for name, operation in before.items():
            loopback.operations.pop(name)
            if operation is not None:
                loopback.operations[name] = operation
