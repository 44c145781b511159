"""JSON Lines tables of reports: .jsonl or .jsonl.gz, an object a line, an object a report."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from radimpress.config.schema import Columns
from radimpress.corpus.chunk import chunked
from radimpress.corpus.decoding import decode
from radimpress.corpus.raw import Fault, RawReport, RawReports, Unreadable
from radimpress.corpus.record import raw_report, required
from radimpress.corpus.table_file import open_table, shown_names
from radimpress.runtime.errors import next_step

_ESCAPES = 6  # "\u00e9" is six bytes of JSON for one letter


def read_jsonl(path: Path, columns: Columns, max_bytes: int) -> RawReports:
    """Reports of the JSON Lines at `path`, whose keys `columns` names.

    Raises RadimpressError, once it is read, where not a single object has the named keys.
    """
    return RawReports(chunked(_reports(path, columns, max_bytes)))


def _reports(path: Path, columns: Columns, max_bytes: int) -> Iterator[RawReport]:
    keys: list[str] | None = None  # of the first object, while none has had what is required
    fitting = False
    with open_table(path) as stream:
        for number, line in enumerate(_lines(stream, max_bytes * _ESCAPES), 1):
            place = f"line-{number:07d}"
            record = Fault.TOO_LARGE if line is None else _object(line)
            if record is None:
                continue
            if isinstance(record, Fault):
                yield Unreadable(place, record)
                continue
            keys = keys or list(record)
            fitting = fitting or all(name in record for name in required(columns))
            yield raw_report(record, columns, place, max_bytes)
    if keys is not None and not fitting:
        raise next_step(
            f"{path}: no object has all the keys {required(columns)}; the first one has "
            f"{shown_names(keys)}",
            "map them with data.columns.findings=..., data.columns.impression=...",
        )


def _lines(stream: IO[bytes], limit: int) -> Iterator[bytes | None]:
    """Each line, or None for one longer than `limit` bytes, of which no more is ever held."""
    while line := stream.readline(limit):
        if len(line) < limit or line.endswith(b"\n"):
            yield line
            continue
        while (rest := stream.readline(limit)) and not rest.endswith(b"\n"):
            pass
        yield None


def _object(line: bytes) -> dict[str, object] | Fault | None:
    """The object of a line; None for a blank line."""
    decoded = decode(line)
    if isinstance(decoded, Fault):
        return decoded
    if not decoded[0].strip():
        return None
    try:
        record = json.loads(decoded[0])
    except (ValueError, RecursionError):
        return Fault.BAD_JSON
    return record if isinstance(record, dict) else Fault.NO_OBJECT
