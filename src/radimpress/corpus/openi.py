"""Open-i's Indiana University reports: ecgen-radiology/N.xml, in NLMCXR_reports.tgz or unpacked."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from radimpress.corpus.archive import entries
from radimpress.corpus.archive_entry import Entry
from radimpress.corpus.chunk import chunked
from radimpress.corpus.raw import (
    Fault,
    RawReport,
    RawReports,
    SectionedReport,
    Unreadable,
    background_of,
)

_BACKGROUND = ("INDICATION", "COMPARISON")


def read_openi(path: Path, max_bytes: int) -> RawReports:
    """Reports of the folder or archive at `path`; a study's id is its file's name, without .xml.

    Open-i names no patients. Its AbstractText labels are COMPARISON, INDICATION, FINDINGS and
    IMPRESSION.
    """
    found = entries(path, _is_report, max_bytes)
    return RawReports(chunked(map(_report, found.entries)), found.total)


def _is_report(name: str) -> bool:
    file = PurePosixPath(name).name
    return file.lower().endswith(".xml") and not file.startswith("._")  # macOS adds "._1.xml"


def _report(entry: Entry) -> RawReport:
    name, content = entry
    study_id = PurePosixPath(name).stem
    if isinstance(content, Fault):
        return Unreadable(study_id, content)
    try:
        texts = _labelled_texts(fromstring(content))
    except DefusedXmlException:
        return Unreadable(study_id, Fault.UNSAFE_XML)
    except (ParseError, ValueError, LookupError):
        return Unreadable(study_id, Fault.BAD_XML)
    return SectionedReport(
        study_id,
        subject_id="",
        background=background_of([(label, texts.get(label, "")) for label in _BACKGROUND]),
        findings=texts.get("FINDINGS", ""),
        impression=texts.get("IMPRESSION", ""),
    )


def _labelled_texts(root: Element) -> dict[str, str]:
    texts: dict[str, str] = {}
    for element in _abstract_texts(root):
        label = element.get("Label", "").strip().upper()
        text = "".join(element.itertext()).strip()
        texts[label] = f"{texts[label]} {text}".strip() if label in texts else text
    return texts


def _abstract_texts(root: Element) -> Iterator[Element]:
    return root.iter("AbstractText")
