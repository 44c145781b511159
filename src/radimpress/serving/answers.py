"""Impressions to JSON: what `/invocations` answers."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from radimpress.metrics.statements import statements
from radimpress.serving.requests import Ask, Shape
from radimpress.serving.served_model import Identity

if TYPE_CHECKING:
    from radimpress.corpus.report import Prediction
    from radimpress.metrics.statements import Statement

Answer = dict[str, Any]


def answer(ask: Ask, written: "Prediction", model: Identity) -> Answer:
    """The answer to one ask; holding the statements against the findings is most of its time."""
    text = written.prediction
    found = statements(ask.findings, ask.background, text) if ask.statements else ()
    return {
        **({} if ask.study_id is None else {"study_id": ask.study_id}),
        "impression": text,
        **({"statements": [_plain(each) for each in found]} if ask.statements else {}),
        "truncated": written.truncated,
        "clipped": written.clipped,
        "model": model.brief(),
    }


def body(shape: Shape, answers: Sequence[Answer]) -> tuple[bytes, str]:
    """The answers as the request was written, and their media type."""
    if shape is Shape.lines:
        lines = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in answers)
        return lines.encode(), "application/jsonlines"
    whole = answers[0] if shape is Shape.one else list(answers)
    return json.dumps(whole, ensure_ascii=False).encode(), "application/json"


def _plain(statement: "Statement") -> dict[str, Any]:
    return {
        "text": statement.text,
        "start": statement.start,
        "end": statement.end,
        "support": statement.support.value,
        "observations": list(statement.observations),
        "evidence": [{"start": span.start, "end": span.end} for span in statement.evidence],
        "notes": list(statement.notes),
        "concerns": list(statement.concerns),
    }
