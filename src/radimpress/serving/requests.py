"""What `/invocations` is asked: bytes in, checked asks out, or a refusal that names the field."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from radimpress.config.serving import Serving
from radimpress.serving.refusals import Code, Refusal

FIELDS = ("findings", "background", "study_id", "max_new_tokens", "num_beams", "statements")
LONGEST_ID = 200  # characters of a study id
LONGEST_WORD = 20  # characters, on average: what has no spaces has an end too
LONGEST_NAME = 60  # characters of an unknown field's name that a refusal repeats


class Shape(Enum):
    """How a body was written; the answer is written in the same way."""

    one = "one"  # a JSON object
    many = "many"  # a JSON list of objects
    lines = "lines"  # one JSON object a line


@dataclass(frozen=True, slots=True)
class Options:
    """How to decode; None is what the model's own recipe says."""

    max_new_tokens: int | None = None
    num_beams: int | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """One report to summarize."""

    findings: str
    background: str = ""
    study_id: str | None = None
    options: Options = Options()
    statements: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """A whole request."""

    shape: Shape
    asks: tuple[Ask, ...]


def read_asked(body: bytes, as_lines: bool, limits: Serving) -> Asked:
    """Check a request body. Raises Refusal (400 or 413) naming the first field at fault."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = f"the body is not UTF-8 (byte {error.start})"
        raise Refusal(400, Code.bad_json, problem, "send UTF-8") from None
    if as_lines:
        rows = [(f"line {n}", _parsed(line, f"line {n}")) for n, line in _lines(text)]
        shape = Shape.lines
    else:
        whole = _parsed(text, "the body")
        shape = Shape.many if isinstance(whole, list) else Shape.one
        rows = [("the body", each) for each in (whole if isinstance(whole, list) else [whole])]
    if not rows:
        step = 'send at least one object: {"findings": "..."}'
        raise Refusal(400, Code.bad_json, "the request holds no report", step)
    if len(rows) > limits.max_reports:
        problem = f"the request holds {len(rows)} reports, at most {limits.max_reports} are allowed"
        raise Refusal(413, Code.too_many_reports, problem, "send them in several requests")
    places = [""] if shape is Shape.one else [f"[{i}]" for i in range(len(rows))]
    return Asked(
        shape,
        tuple(_ask(row, where, at, limits) for (where, row), at in zip(rows, places, strict=True)),
    )


def is_jsonl(content_type: str, encoding: str = "") -> bool:
    """Whether the body is JSON lines. Raises Refusal (415) for what is no plain UTF-8 JSON."""
    media, _, parameters = content_type.partition(";")
    name = media.strip().lower()
    charset = parameters.lower().replace(" ", "").replace('"', "")
    if (
        name not in ("application/json", "application/jsonlines")
        or ("charset=" in charset and "charset=utf-8" not in charset)
        or encoding not in ("", "identity")
    ):
        raise Refusal(
            415,
            Code.unsupported_media_type,
            "the body is not declared as application/json or application/jsonlines, in UTF-8 and "
            "not compressed",
            "set the header Content-Type: application/json",
        )
    return name == "application/jsonlines"


def _lines(text: str) -> Iterator[tuple[int, str]]:
    return ((n, line) for n, line in enumerate(text.split("\n"), start=1) if line.strip())


def _parsed(text: str, where: str) -> Any:
    """Strict JSON: no NaN, no Infinity, no key twice."""
    try:
        return json.loads(text, parse_constant=_no_constant, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        problem = f"{where} is no JSON ({error.msg} at line {error.lineno} column {error.colno})"
    except RecursionError:
        problem = f"{where} is nested too deeply"
    except ValueError:
        problem = f"{where} holds a number that is not allowed (NaN, Infinity or too long)"
    raise Refusal(400, Code.bad_json, problem, 'send {"findings": "..."}')


def _no_constant(_: str) -> Any:
    raise ValueError


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        last = {name: place for place, (name, _) in enumerate(pairs)}  # one pass: names are many
        twice = next(name for n, (name, _) in enumerate(pairs) if last[name] != n)[:LONGEST_NAME]
        raise Refusal(
            400, Code.bad_field, f"{twice!r} is given twice", "give every field once", twice
        )
    return found


def _ask(row: Any, where: str, at: str, limits: Serving) -> Ask:
    if not isinstance(row, dict):
        problem = f"expected an object in {where}, got {_kind(row)}"
        raise Refusal(400, Code.bad_field, problem, 'send {"findings": "..."}', at or None)
    before = f"{at}." if at else ""
    for name in row:
        if name not in FIELDS:
            raise Refusal(
                400,
                Code.unknown_field,
                f"there is no field {name[:LONGEST_NAME]!r}",
                f"use only {', '.join(FIELDS)}",
                before + name[:LONGEST_NAME],
            )
    if "findings" not in row:
        step = "give the text of the findings section"
        raise Refusal(400, Code.missing_field, "findings is missing", step, f"{before}findings")
    fields = _Fields(row, before)
    findings = fields.text("findings", limits.max_findings_words)
    if not any(map(str.isalpha, findings)):
        raise fields.bad("findings", "holds no words", "give the text of the findings section")
    study = fields.text("study_id", LONGEST_ID) if row.get("study_id") is not None else None
    if study is not None and len(study) > LONGEST_ID:
        raise fields.bad("study_id", f"has more than {LONGEST_ID} characters", "shorten it")
    return Ask(
        findings=findings,
        background=fields.text("background", limits.max_findings_words),
        study_id=study,
        options=Options(
            fields.count("max_new_tokens", limits.max_new_tokens),
            fields.count("num_beams", limits.max_beams),
        ),
        statements=fields.flag("statements"),
    )


@dataclass(frozen=True, slots=True)
class _Fields:
    """Typed access to one object; `before` is its path in the request."""

    row: dict[str, Any]
    before: str

    def text(self, name: str, most_words: int) -> str:
        value = self.row.get(name)
        if value is None and name != "findings":
            return ""
        if not isinstance(value, str):
            raise self.bad(name, f"is {_kind(value)}, expected text", "send a JSON string")
        try:
            value.encode()
        except UnicodeEncodeError:
            problem = "holds half a character (a lone surrogate)"
            raise self.bad(name, problem, "send valid Unicode") from None
        step = f"shorten it to {most_words} words"
        if len(value) > most_words * LONGEST_WORD:
            problem = f"has {len(value)} characters, {most_words} words are allowed"
            raise self.bad(name, problem, step)
        if len(value) > most_words and (words := len(value.split())) > most_words:
            raise self.bad(name, f"has {words} words, at most {most_words} are allowed", step)
        return value

    def count(self, name: str, most: int) -> int | None:
        value = self.row.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.bad(name, f"is {_kind(value)}, expected a whole number", f"send 1 to {most}")
        if not 1 <= value <= most:
            seen = value if abs(value) < 10**9 else "far out of range"
            raise self.bad(name, f"is {seen}, expected 1 to {most}", f"send 1 to {most}")
        return value

    def flag(self, name: str) -> bool:
        value = self.row.get(name)
        if value is None:
            return True
        if not isinstance(value, bool):
            step = "send true or false"
            raise self.bad(name, f"is {_kind(value)}, expected true or false", step)
        return value

    def bad(self, name: str, problem: str, step: str) -> Refusal:
        return Refusal(400, Code.bad_field, f"{name} {problem}", step, self.before + name)


def _kind(value: Any) -> str:
    """What a JSON value is, in words; never the value."""
    kinds: list[tuple[type, str]] = [
        (bool, "a boolean"),
        (str, "text"),
        (int, "a number"),
        (float, "a number"),
        (list, "a list"),
        (dict, "an object"),
    ]
    return next((name for kind, name in kinds if isinstance(value, kind)), "null")
