"""What `radimpress summarize` is asked: text, a file, JSONL or standard input."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from radimpress.corpus.report import Prediction
from radimpress.runtime.errors import next_step

LONGEST_NAME = 255  # bytes; longer text is no file name


@dataclass(frozen=True, slots=True)
class Requests:
    """Findings, with a background and a study id each; `are_jsonl` asks for JSONL out."""

    findings: list[str]
    background: list[str]
    study_ids: list[str]
    are_jsonl: bool


def read_requests(source: str, stdin: TextIO) -> Requests:
    """Read `source`: "-" is stdin, the name of an existing file is that file, the rest is findings.

    Text is JSONL where the file is called so, or where it starts with "{". Raises RadimpressError
    for what has no findings, naming the line and never quoting it.
    """
    name, text = source, source
    is_file = len(source.encode()) <= LONGEST_NAME and Path(source).is_file()
    try:
        if source == "-":
            name, text = "standard input", stdin.read()
        elif is_file:
            text = Path(source).read_text(encoding="utf-8")
        elif source.endswith((".txt", ".jsonl")) and " " not in source:
            raise next_step(f"{source} is missing", "give an existing file")
    except UnicodeDecodeError as error:
        raise next_step(f"{name} is not UTF-8", "convert it: iconv -f latin1 -t utf8") from error
    if source.endswith(".jsonl") or text.lstrip().startswith("{"):
        return _jsonl(text.splitlines(), name)
    if not text.strip():
        raise next_step("there are no findings", "give them as text, a file, or on standard input")
    return Requests([text], [""], ["0"], are_jsonl=False)


def written(predictions: Sequence[Prediction], as_jsonl: bool) -> str:
    """The impressions as lines: plain, or one JSON object each."""
    if not as_jsonl:
        return "".join(f"{p.prediction}\n" for p in predictions)
    rows = ({"study_id": p.study_id, "impression": p.prediction} for p in predictions)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _jsonl(lines: Iterable[str], name: str) -> Requests:
    requests = Requests([], [], [], are_jsonl=True)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            row = None
        if not isinstance(row, dict) or not isinstance(row.get("findings"), str):
            raise next_step(
                f"line {number} of {name} is no JSON object with a text field `findings`",
                'write {"findings": "..."} on every line',
            )
        requests.findings.append(row["findings"])
        requests.background.append(str(row.get("background") or ""))
        requests.study_ids.append(str(row.get("study_id", number)))
    if not requests.findings:
        raise next_step(f"{name} is empty", 'write {"findings": "..."} on a line for each report')
    return requests
