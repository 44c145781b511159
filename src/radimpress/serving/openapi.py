"""What /openapi.json says of /invocations, whose bodies are checked by our own code."""

from typing import Any

_REPORT = {
    "type": "object",
    "required": ["findings"],
    "additionalProperties": False,
    "properties": {
        "findings": {"type": "string", "description": "The text of the findings section."},
        "background": {"type": "string", "description": "Indication, comparison, history."},
        "study_id": {"type": "string", "description": "Comes back with the answer."},
        "max_new_tokens": {"type": "integer", "minimum": 1},
        "num_beams": {"type": "integer", "minimum": 1},
        "statements": {"type": "boolean", "default": True},
    },
}
_SPAN = {
    "type": "object",
    "properties": {"start": {"type": "integer"}, "end": {"type": "integer"}},
}
_TEXTS = {"type": "array", "items": {"type": "string"}}
_STATEMENT = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "start": {"type": "integer", "description": "First character, in the impression."},
        "end": {"type": "integer"},
        "support": {
            "enum": ["supported", "unsupported", "contradicted", "side_differs", "unchecked"]
        },
        "observations": _TEXTS,
        "evidence": {"type": "array", "items": _SPAN, "description": "Places in the findings."},
        "notes": _TEXTS,
        "concerns": _TEXTS,
    },
}
_ANSWER = {
    "type": "object",
    "properties": {
        "study_id": {"type": "string"},
        "impression": {"type": "string"},
        "statements": {"type": "array", "items": _STATEMENT},
        "truncated": {"type": "boolean", "description": "It met the length limit."},
        "clipped": {"type": "boolean", "description": "The findings did not fit the prompt."},
        "model": {
            "type": "object",
            "properties": {name: {"type": "string"} for name in ("name", "version", "fingerprint")},
        },
    },
}
_ERROR = {
    "type": "object",
    "properties": {
        "error": {
            "type": "object",
            "properties": {
                "code": {"type": "string"},
                "field": {"type": ["string", "null"]},
                "message": {"type": "string"},
                "next": {"type": "string"},
            },
        }
    },
}


def _one_or_many(schema: dict[str, Any]) -> dict[str, Any]:
    return {"oneOf": [schema, {"type": "array", "items": schema}]}


def _content(schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "application/json": {"schema": _one_or_many(schema)},
        "application/jsonlines": {"schema": {"type": "string"}},
    }


_REFUSALS = {
    400: "A field is wrong; the error names it.",
    401: "The bearer token is missing or wrong.",
    408: "The body did not arrive in time.",
    413: "The body is too large, or holds too many reports.",
    415: "The content type is not one of the two.",
    429: "The queue is full; Retry-After says when to ask again.",
    500: "The model failed.",
    503: "The model is being loaded.",
    504: "There was no answer in time.",
}
REQUEST: dict[str, Any] = {"required": True, "content": _content(_REPORT)}
ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "An answer, a list of them or lines.", "content": _content(_ANSWER)},
    **{
        status: {"description": about, "content": {"application/json": {"schema": _ERROR}}}
        for status, about in _REFUSALS.items()
    },
}
