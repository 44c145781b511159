"""Scores of a system that is not ours: a JSON Lines file of findings, impression, prediction."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from radimpress.metrics.score import ScoredPair, Scores, Settings, score
from radimpress.report.metrics_file import scored_slices
from radimpress.report.slice_charts import slice_label
from radimpress.report.table import SHOWN, TESTED
from radimpress.report.verdict import with_interval
from radimpress.report.vocabulary import METRICS, metric
from radimpress.runtime.errors import RadimpressError, next_step

REQUIRED = ("findings", "impression", "prediction")
OPTIONAL = ("study_id", "background", "source")
_NEED = f"one JSON object a line with the texts {', '.join(REQUIRED)}"


def score_file(path: Path, settings: Settings | None = None) -> Scores:
    """Score `path`: one JSON object a line; `background`, `study_id`, `source` may stand in it too.

    A boolean `truncated` says whether an output was cut off. Raises RadimpressError, with the line
    number and the field but never the text, for a missing file, a line that is no JSON object, a
    missing field or one that is no text, and a file without reports.
    """
    return score(read_pairs(path), settings or Settings())


def read_pairs(path: Path) -> list[ScoredPair]:
    """Pairs of such a file; a report without `study_id` is named by its line. Raises as above."""
    pairs = list(_pairs(path))
    if not pairs:
        raise next_step(f"{path} holds no line", f"give {_NEED}")
    return pairs


def as_json(scores: Scores) -> str:
    """`{"slices": {slice: {metric: {value, low, high, n}}}}`, as metrics.json holds a split."""
    return json.dumps({"slices": scored_slices(scores)}, indent=1, allow_nan=False)


def print_scores(scores: Scores, min_slice: int, console: Console | None = None) -> None:
    """Print every main metric over all reports, then the slices; small ones are marked."""
    out = console or Console()
    out.print(_overall(scores))
    out.print(_by_slice(scores, set(scores.small(min_slice)), min_slice))


def _overall(scores: Scores) -> Table:
    table = Table(title=f"{len(scores.study_ids):,} reports", box=box.SIMPLE_HEAD)
    table.add_column("metric")
    table.add_column("value [interval]", justify="right")
    for name in METRICS:
        if name in scores.slices["all"]:
            kind = metric(name)
            table.add_row(kind.label, with_interval(kind, scores.slices["all"][name]))
    return table


def _by_slice(scores: Scores, small: set[str], limit: int) -> Table:
    caption = f"* fewer than {limit} reports" if small else None
    table = Table(title="by slice", caption=caption, box=box.SIMPLE_HEAD, padding=0)
    table.add_column("slice", no_wrap=True)
    table.add_column("reports", justify="right")
    headers = {TESTED: metric(TESTED).label, **SHOWN}
    for label in headers.values():
        table.add_column(label, justify="right")
    for piece, found in scores.slices.items():
        size = f"{found[TESTED].n:,}{'*' if piece in small else ''}"
        values = (metric(n).write(found[n].value) if n in found else "–" for n in headers)
        table.add_row(slice_label(piece), size, *values)
    return table


def _pairs(path: Path) -> Iterator[ScoredPair]:
    try:
        with path.open(encoding="utf-8-sig") as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield _pair(f"{path} line {number}", number, line)
    except FileNotFoundError as error:
        raise next_step(f"{path} is missing", f"give a file with {_NEED}") from error
    except (IsADirectoryError, PermissionError) as error:
        raise next_step(f"{path} cannot be read as a file", f"give a file with {_NEED}") from error
    except UnicodeDecodeError:
        # `from None`: the cause would carry the bytes, and they are report text
        raise next_step(f"{path} is not UTF-8", "save it as UTF-8") from None


def _pair(place: str, number: int, line: str) -> ScoredPair:
    row = _row(place, line)
    findings, reference, prediction = (_text(place, row, name) for name in REQUIRED)
    study, background, source = (
        _text(place, row, name) if row.get(name) is not None else "" for name in OPTIONAL
    )
    truncated = row.get("truncated")
    if truncated is not None and not isinstance(truncated, bool):
        raise _wrong(place, "truncated", truncated, "true or false")
    return ScoredPair(
        study or str(number), findings, reference, prediction, background, source, truncated
    )


def _row(place: str, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        # `from None` as above
        raise next_step(f"{place} is no JSON", f"give {_NEED}") from None
    if not isinstance(row, dict):
        raise next_step(f"{place} is no JSON object", f"give {_NEED}")
    return row


def _text(place: str, row: dict[str, Any], name: str) -> str:
    if name not in row:
        raise next_step(f"{place} lacks the field {name}", f"give {_NEED}")
    value = row[name]
    if name == "study_id" and isinstance(value, int):
        return str(value)
    if not isinstance(value, str):
        raise _wrong(place, name, value, "a text")
    return value


def _wrong(place: str, name: str, value: object, expected: str) -> RadimpressError:
    kinds = {type(None): "null", list: "a list", dict: "an object", str: "a text"}
    kind = kinds.get(type(value), "a number or true or false")
    return next_step(f"{place}: {name} is {kind}, not {expected}", f"give {_NEED}")
