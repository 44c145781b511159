"""One request as AWS's clients send it: which service, which operation, and its answer."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Request, Response

ACCOUNT = "123456789012"  # moto's own default

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Refusal(Exception):  # noqa: N818  AWS's word for an error in an answer
    """An answer with an error: AWS's code, message and HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status

    def response(self, service: str) -> Response:
        """The error in the protocol of `service`."""
        if service in {"s3", "sts", "iam"}:
            words = f"<Code>{self.code}</Code><Message>{escape(self.message)}</Message>"
            inner = f"<Error>{words}</Error>"
            body = inner if service == "s3" else f"<ErrorResponse>{inner}</ErrorResponse>"
            return Response(f'<?xml version="1.0"?>{body}', self.status, mimetype="text/xml")
        body = json.dumps({"__type": self.code, "message": self.message})
        headers = {"x-amzn-ErrorType": self.code}
        return Response(body, self.status, headers, mimetype="application/json")


@dataclass
class Call:
    """A request: `request` holds the members of a JSON operation, `body` the bytes of the others.

    `moto` is what answers where nobody registered for the operation.
    """

    service: str  # as requests are signed: sagemaker (its runtime too), s3, logs, monitoring, ...
    operation: str  # as boto3's service model calls it: CreateTrainingJob; "" where unknown
    region: str
    http: Request
    moto: Wsgi
    request: dict[str, Any]
    body: bytes

    @property
    def is_json(self) -> bool:
        """Whether `request` holds all that was asked."""
        return "X-Amz-Target" in self.http.headers

    def forward(self) -> dict[str, Any]:
        """Moto's answer to this same JSON request. Raises Refusal with moto's own error."""
        environ = dict(self.http.environ)
        environ["wsgi.input"] = BytesIO(self.body)
        chunks, status, headers = run_wsgi_app(self.moto, environ)
        answer = json.loads(b"".join(chunks) or b"{}")
        number = int(status.split()[0])
        if number >= 400:
            code = headers.get("x-amzn-errortype") or answer.get("__type", "ServerError")
            said = answer.get("message") or answer.get("Message", "")
            raise Refusal(code.split("#")[-1].split(":")[0], said, number)
        return dict(answer)

    @property
    def backend(self) -> Any:
        """Moto's records of SageMaker in this region."""
        from moto.sagemaker.models import sagemaker_backends

        return sagemaker_backends[ACCOUNT][self.region]


def json_response(answer: dict[str, Any]) -> Response:
    """`answer` as AWS's JSON services write it: times as seconds."""
    body = json.dumps(answer, default=_seconds)
    return Response(body, 200, mimetype="application/x-amz-json-1.1")


def _seconds(value: object) -> float:
    if isinstance(value, datetime):
        return value.timestamp()
    raise TypeError(f"{type(value).__name__} has no place in an answer")


def read_call(environ: dict[str, Any], moto: Wsgi) -> Call:
    """The call that a request is. The body of S3's requests is left unread: moto streams it."""
    http = Request(environ)
    scope = http.headers.get("Authorization", "").partition("Credential=")[2].split("/")
    service = scope[3] if len(scope) > 4 else "s3"
    region = scope[2] if len(scope) > 4 else "us-east-1"
    body = b""
    if service != "s3":
        body = http.get_data(cache=False)
        environ["wsgi.input"] = BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
    operation = _operation(service, http, body)
    call = Call(service, operation, region, Request(environ), moto, {}, body)
    if call.is_json:
        call.request = json.loads(body or b"{}")
    return call


def _operation(service: str, http: Request, body: bytes) -> str:
    if target := http.headers.get("X-Amz-Target"):
        return target.split(".")[-1]
    if "/operation/" in http.path:  # the CBOR protocol of CloudWatch
        return http.path.rsplit("/", 1)[-1]
    if service == "s3":
        return _s3_operation(http)
    if service == "sagemaker":
        last = http.path.rsplit("/", 1)[-1]
        return _RUNTIME.get(last, "")
    if http.mimetype == "application/x-www-form-urlencoded":
        return parse_qs(body.decode()).get("Action", [""])[0]
    return ""


_RUNTIME = {
    "invocations": "InvokeEndpoint",
    "invocations-response-stream": "InvokeEndpointWithResponseStream",
    "async-invocations": "InvokeEndpointAsync",
}


def _s3_operation(http: Request) -> str:
    """The operations on objects, as far as faults and tests name them; "" for the rest."""
    _, _, key = http.path.strip("/").partition("/")
    asked = http.args
    if not key:
        return "ListObjectsV2" if http.method == "GET" and "list-type" in asked else ""
    if "uploadId" in asked or "uploads" in asked:
        parts = {"PUT": "UploadPart", "DELETE": "AbortMultipartUpload"}
        begun = "CreateMultipartUpload" if "uploads" in asked else "CompleteMultipartUpload"
        return parts.get(http.method, begun)
    if http.method == "PUT" and "x-amz-copy-source" in http.headers:
        return "CopyObject"
    names = {"GET": "GetObject", "HEAD": "HeadObject", "PUT": "PutObject", "DELETE": "DeleteObject"}
    return names.get(http.method, "")
