"""What `radimpress invoke` is given: findings, or requests as the HTTP app takes them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from radimpress.cloud.invoke.answers import Request
from radimpress.runtime.errors import next_step


def read_invocations(source: str, stdin: TextIO) -> list[Request]:
    """The requests of a .jsonl file, or of standard input where `source` is "-", in order.

    A line is sent as it stands, so that it may carry num_beams and the like; one without a study id
    gets its number. Raises RadimpressError naming the line and never quoting it.
    """
    name = "standard input" if source == "-" else source
    try:
        text = stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
    except OSError as error:
        problem = f"{source} cannot be read ({error.strerror})"
        raise next_step(problem, "give a .jsonl file, or --findings TEXT") from error
    except UnicodeDecodeError as error:
        raise next_step(f"{name} is not UTF-8", "convert it: iconv -f latin1 -t utf8") from error
    requests = list(_requests(text, name))
    if not requests:
        raise next_step(f"{name} is empty", 'write {"findings": "..."} on a line for each report')
    return requests


def _requests(text: str, name: str) -> Iterator[Request]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict) or not isinstance(row.get("findings"), str):
            raise next_step(
                f"line {number} of {name} is no JSON object with a text field `findings`",
                'write {"findings": "..."} on every line',
            )
        yield {"study_id": str(number), **row}
