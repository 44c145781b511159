"""Which lines of a job's log are our programs' own, and what a follower learns from them.

Around them stand lines of AWS's drivers and of libraries; those are not shown to the user. Our
programs never print report text, so what carries the mark may be shown and kept.
"""

import re
from dataclasses import dataclass

MARK = "radimpress| "
ERROR = "error: "
_PROGRESS = re.compile(r"(?P<what>[\w ]+): (?P<done>[\d,]+)/(?P<total>[\d,]+) \(\d+%\), ")


def told(line: str) -> str:
    """`line` of a stage program with the mark."""
    return "\n".join(MARK + part for part in line.split("\n"))


def read_told(line: str) -> str | None:
    """What a stage program said in this line of the log; None for everybody else's lines."""
    _, mark, rest = line.partition(MARK)
    return rest if mark else None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a meter in the job has come."""

    what: str
    done: int
    total: int


def read_progress(line: str) -> Progress | None:
    """The progress that a stage's line tells (`runtime.progress.Meter`), else None."""
    found = _PROGRESS.match(line)
    if not found:
        return None
    done, total = (int(found[name].replace(",", "")) for name in ("done", "total"))
    return Progress(found["what"], done, total)
