"""Raw reports as they come out of a corpus, before any of them is parsed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import NamedTuple


class Fault(StrEnum):
    """Why a report could not be read; it then stands in quarantine.jsonl under its study id."""

    TOO_LARGE = "too_large"
    NOT_TEXT = "not_text"
    UNSAFE_NAME = "unsafe_name"
    LINK = "link"
    ENCRYPTED = "encrypted"
    CORRUPTED = "corrupted"
    UNSUPPORTED_COMPRESSION = "unsupported_compression"
    UNREADABLE = "unreadable"
    BAD_XML = "bad_xml"
    UNSAFE_XML = "unsafe_xml"
    BAD_JSON = "bad_json"
    NO_OBJECT = "no_json_object"
    MISSING_FIELD = "missing_field"
    FIELD_NOT_TEXT = "field_is_no_text"
    FIELD_COUNT = "wrong_field_count"
    NO_STUDY_ID = "no_study_id"
    REPEATED_STUDY_ID = "repeated_study_id"


class WholeReport(NamedTuple):
    """A report whose sections a profile must find; `content` is undecoded.

    `repaired`: as for a SectionedReport, where decoding was done before.
    """

    study_id: str
    subject_id: str
    content: bytes
    repaired: bool = False


class SectionedReport(NamedTuple):
    """A report whose sections the corpus gives; "" where it has none.

    `repaired`: some bytes were not UTF-8 and were read as Windows-1252.
    """

    study_id: str
    subject_id: str
    background: str
    findings: str
    impression: str
    repaired: bool = False


class Unreadable(NamedTuple):
    """A report that is there and cannot be read."""

    study_id: str
    fault: Fault


RawReport = WholeReport | SectionedReport | Unreadable


@dataclass(frozen=True, slots=True)
class RawReports:
    """A corpus being read: one pass, a chunk in memory at a time.

    Iterating over a chunk may be what reads it; each can be handed to another process. `total` is
    None where the format tells it only at its end.
    """

    chunks: Iterator[Iterable[RawReport]]
    total: int | None = None

    @property
    def reports(self) -> Iterator[RawReport]:
        """One report after the other."""
        return chain.from_iterable(self.chunks)


def background_of(parts: list[tuple[str, str]]) -> str:
    """Named texts as one background: "Indication: Cough. Comparison: None."; empty ones left out.

    >>> background_of([("INDICATION", "Cough."), ("section_comparison", "None.")])
    'Indication: Cough. Comparison: None.'
    >>> background_of([("indication", ""), ("background", "Old.")])
    'Old.'
    """
    named = []
    for name, text in parts:
        label = name.removeprefix("section_").replace("_", " ").strip().capitalize()
        if text.strip():
            named.append(text.strip() if label == "Background" else f"{label}: {text.strip()}")
    return " ".join(named)
