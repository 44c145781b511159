"""Answers that say no: an HTTP status, a stable code, the field at fault and the next step.

No refusal holds a stack trace, and none quotes report text.
"""

import json
from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Code(Enum):
    """Why; clients may branch on it, messages may change."""

    bad_http = "bad_http"
    bad_json = "bad_json"
    bad_field = "bad_field"
    missing_field = "missing_field"
    unknown_field = "unknown_field"
    unauthorized = "unauthorized"
    wrong_host = "wrong_host"
    not_found = "not_found"
    method_not_allowed = "method_not_allowed"
    body_timeout = "body_timeout"
    too_large = "too_large"
    too_many_reports = "too_many_reports"
    unsupported_media_type = "unsupported_media_type"
    queue_full = "queue_full"
    client_gone = "client_gone"
    internal_error = "internal_error"
    generation_failed = "generation_failed"
    not_ready = "not_ready"
    shutting_down = "shutting_down"
    timeout = "timeout"


class Refusal(Exception):  # noqa: N818  # an answer, not a fault
    """Raised anywhere below the app's edge, which turns it into the answer.

    `field` is a path into the request ("[3].findings"), where one field is at fault.
    """

    def __init__(
        self,
        status: int,
        code: Code,
        message: str,
        step: str,
        field: str | None = None,
        headers: Mapping[str, str] = _NO_HEADERS,
    ) -> None:
        super().__init__(code.value)
        self.status, self.code, self.message, self.step = status, code, message, step
        self.field, self.headers = field, headers

    def body(self) -> bytes:
        """The JSON error, as docs/serving.md gives it."""
        error = {
            "code": self.code.value,
            "field": self.field,
            "message": self.message,
            "next": self.step,
        }
        return json.dumps({"error": error}).encode()
