"""MEDIQA 2021's indiana_dev.json: a JSON list of sectioned reports."""

import json
from pathlib import Path

from radimpress.config.schema import Columns
from radimpress.corpus.archive import require_file
from radimpress.corpus.chunk import chunked
from radimpress.corpus.decoding import decode
from radimpress.corpus.raw import Fault, RawReport, RawReports, Unreadable
from radimpress.corpus.record import raw_report
from radimpress.runtime.errors import next_step

_COLUMNS = Columns(
    study_id="study_id",
    subject_id="subject_id",
    background=["background"],
    findings="findings",
    impression="impression",
)
_STEP = "give data.path MEDIQA's JSON list of {study_id, findings, impression, ...}"


def read_indiana(path: Path, max_bytes: int) -> RawReports:
    """Reports of the list at `path`: objects of study_id, subject_id, background and sections.

    Raises RadimpressError where the file is no JSON list; a bad object is only quarantined. The
    list is held in memory: MEDIQA's has 2,000 objects.
    """
    require_file(path)
    items = _items(path)
    reports = (_report(item, f"item-{n:07d}", max_bytes) for n, item in enumerate(items, 1))
    return RawReports(chunked(reports), len(items))


def _report(item: object, place: str, max_bytes: int) -> RawReport:
    if not isinstance(item, dict):
        return Unreadable(place, Fault.NO_OBJECT)
    return raw_report(item, _COLUMNS, place, max_bytes)


def _items(path: Path) -> list[object]:
    decoded = decode(path.read_bytes())
    if isinstance(decoded, Fault):
        raise next_step(f"{path} is no text file", _STEP)
    try:
        items = json.loads(decoded[0])
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise next_step(f"{path} is no valid JSON: {error.msg} at {place}", _STEP) from error
    except (ValueError, RecursionError) as error:
        raise next_step(
            f"{path} is no valid JSON: nested too deep or a number too long", _STEP
        ) from error
    if not isinstance(items, list):
        raise next_step(f"{path} holds a JSON {type(items).__name__}, not a list", _STEP)
    return items
