"""One row or object of a table of reports, by the columns that the configuration names."""

import math
from collections.abc import Mapping

from radimpress.config.schema import Columns
from radimpress.corpus.decoding import repair
from radimpress.corpus.raw import (
    Fault,
    RawReport,
    SectionedReport,
    Unreadable,
    WholeReport,
    background_of,
)

_LONGEST_ID = 200  # a longer one is text that stands in the wrong column


class _BadFieldError(Exception):
    def __init__(self, fault: Fault) -> None:
        self.fault = fault


def required(columns: Columns) -> list[str]:
    """The columns without which a row is no report."""
    texts = [columns.report] if columns.report else [columns.findings, columns.impression]
    return [name for name in (columns.study_id, *texts) if name]


def raw_report(
    record: Mapping[str, object], columns: Columns, place: str, max_bytes: int
) -> RawReport:
    """The report of one record; `place` ("row-0000012") names it where the corpus has no ids."""
    study_id = place
    try:
        if columns.study_id:
            study_id = _identifier(record, columns.study_id) or place
            if study_id == place:
                return Unreadable(place, Fault.NO_STUDY_ID)
        return _report(record, columns, study_id, max_bytes)
    except _BadFieldError as error:
        return Unreadable(study_id, error.fault)


def _report(
    record: Mapping[str, object], columns: Columns, study_id: str, max_bytes: int
) -> RawReport:
    subject_id = _identifier(record, columns.subject_id) if columns.subject_id else ""
    names = [columns.report] if columns.report else [columns.findings, columns.impression]
    raw = [_text(record, name) for name in names if name]
    context = [(name, *repair(_optional(record, name))) for name in columns.background]
    if sum(map(len, raw)) + sum(len(text) for _, text, _ in context) > max_bytes:
        return Unreadable(study_id, Fault.TOO_LARGE)
    mended = [repair(text) for text in raw]
    texts = [text for text, _ in mended]
    if any("\0" in text for text in (*texts, *(text for _, text, _ in context))):
        return Unreadable(study_id, Fault.NOT_TEXT)
    repaired = any(flag for _, flag in mended) or any(flag for _, _, flag in context)
    if columns.report:
        return WholeReport(study_id, subject_id, texts[0].encode("utf-8"), repaired)
    background = background_of([(name, text) for name, text, _ in context])
    return SectionedReport(study_id, subject_id, background, texts[0], texts[1], repaired)


def _identifier(record: Mapping[str, object], name: str) -> str:
    """An id as one line of text; numbers are taken as they are written."""
    value = record.get(name)
    if value is None or isinstance(value, bool | list | dict):
        return ""
    identifier = " ".join(repair(str(value))[0].replace("\0", " ").split())
    return identifier if len(identifier) <= _LONGEST_ID else ""


def _optional(record: Mapping[str, object], name: str) -> str:
    return _text(record, name) if name in record else ""


def _text(record: Mapping[str, object], name: str) -> str:
    if name not in record:
        raise _BadFieldError(Fault.MISSING_FIELD)
    value = record[name]
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if not isinstance(value, str):
        raise _BadFieldError(Fault.FIELD_NOT_TEXT)
    return value
