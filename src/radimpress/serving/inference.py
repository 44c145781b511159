"""The four functions that the Hugging Face inference toolkit calls: the server without a server."""

import json
from dataclasses import dataclass
from pathlib import Path

from radimpress.config.serving import Engine, Serving
from radimpress.corpus.report import Prediction
from radimpress.modeling.summarizer import Summarizer
from radimpress.serving.answers import Answer, answer, body
from radimpress.serving.contents import LINEAGE, MANIFEST
from radimpress.serving.golden import check_golden
from radimpress.serving.package import MODEL_SHA256, verify
from radimpress.serving.refusals import Refusal
from radimpress.serving.requests import Asked, Shape, is_jsonl, read_asked
from radimpress.serving.served_model import Facts, Identity, ServedModel
from radimpress.tracking.lineage import PREFIX

LIMITS = Serving()


@dataclass(frozen=True, slots=True)
class Answered:
    """Answers and how the request was written."""

    shape: Shape
    answers: list[Answer]


def model_fn(model_dir: str) -> ServedModel:
    """Check the unpacked package file by file, load it, and have it answer a golden request."""
    folder = Path(model_dir)
    if (folder / MANIFEST).is_file():
        verify(folder)
    stored = folder / LINEAGE
    lineage = json.loads(stored.read_text(encoding="utf-8")) if stored.is_file() else {}
    summarizer = Summarizer.from_folder(folder, engine=Engine.auto)
    sha256 = lineage.get(MODEL_SHA256, "")
    identity = Identity(
        lineage.get(f"{PREFIX}registered_model", folder.name),
        lineage.get(f"{PREFIX}version", sha256[:12]),
        summarizer.recipe.fingerprint,
        sha256,
    )
    served = ServedModel(identity, Facts(), summarizer.engine.value, "", summarizer)
    check_golden(served.write)
    return served


def input_fn(data: bytes | str, content_type: str) -> Asked:
    """Check a request. Raises ValueError whose text is the server's JSON error."""
    raw = data.encode() if isinstance(data, str) else bytes(data)
    try:
        return read_asked(raw, is_jsonl(content_type), LIMITS)
    except Refusal as refusal:
        raise ValueError(refusal.body().decode()) from None


def predict_fn(asked: Asked, model: ServedModel) -> Answered:
    """Write the impressions, reports that are decoded alike together, and check each statement."""
    written: dict[int, Prediction] = {}
    for options in dict.fromkeys(ask.options for ask in asked.asks):
        places = [i for i, ask in enumerate(asked.asks) if ask.options == options]
        predictions = model.write(options, [asked.asks[i] for i in places])
        written.update(zip(places, predictions, strict=True))
    answers = [answer(ask, written[i], model.identity) for i, ask in enumerate(asked.asks)]
    return Answered(asked.shape, answers)


def output_fn(answered: Answered, accept: str) -> tuple[bytes, str]:  # noqa: ARG001  # the toolkit's
    """The answers as the request was written, and their media type."""
    return body(answered.shape, answered.answers)
