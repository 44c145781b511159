"""What came of one request: an answer by our own contract, or why there is none.

A container's words are shown only where they have the form of our server's refusals, which never
quote a report; another container's message is withheld.
"""

import json
from dataclasses import dataclass
from typing import Any

from radimpress.cloud.invoke.throttling import ContainerError, container_status
from radimpress.cloud.refusals import error_code
from radimpress.runtime.errors import next_step

Request = dict[str, Any]  # docs/serving.md: findings, background, study_id, num_beams, ...
Answer = dict[str, Any]  # docs/serving.md: impression, truncated, clipped, model, ...
LONGEST = 300  # characters of a refusal that are shown


@dataclass(frozen=True, slots=True)
class Answered:
    """The endpoint wrote an impression."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Failed:
    """The endpoint was asked and wrote none; `reason` holds no report text."""

    study_id: str
    reason: str

    def as_answer(self) -> Answer:
        """In the form of the server's own refusals, for a line of output."""
        return {"study_id": self.study_id, "error": {"message": self.reason}}


Outcome = Answered | Failed


def read_answer(body: bytes, endpoint: str) -> Answer:
    """Check an answer. Raises RadimpressError where another kind of container answers."""
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or not isinstance(answer.get("impression"), str):
        raise next_step(
            f"endpoint {endpoint} does not answer by the contract of docs/serving.md",
            "name an endpoint that `radimpress deploy` made",
        )
    return answer


def version_of(answer: Answer) -> dict[str, str]:
    """The model that wrote an answer: name, version, fingerprint, as far as it says so."""
    model = answer.get("model")
    return {str(k): str(v) for k, v in model.items()} if isinstance(model, dict) else {}


def is_of_the_report(error: Exception) -> bool:
    """Whether another report may yet be answered: the container failed, or took too long."""
    from botocore.exceptions import ReadTimeoutError

    is_container = isinstance(error, ContainerError) or error_code(error) == "ModelError"
    return is_container or isinstance(error, ReadTimeoutError)


def reason_of(error: Exception) -> str:
    """Why a container did not answer, without report text."""
    status = container_status(error)
    if not status:
        return "no answer in time"
    words = _our_words((getattr(error, "response", None) or {}).get("OriginalMessage", ""))
    return f"status {status}{f': {words}' if words else ''}"


def _our_words(message: object) -> str:
    try:
        said = json.loads(str(message))["error"]
        return f"{said['message']}; {said['next']}"[:LONGEST]
    except (ValueError, KeyError, TypeError):
        return ""
