"""MIMIC-CXR's reports: files/pNN/pSUBJECT/sSTUDY.txt in mimic-cxr-reports.zip, or unpacked."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from radimpress.corpus.archive import entries
from radimpress.corpus.archive_entry import Entry
from radimpress.corpus.raw import Fault, RawReport, RawReports, Unreadable, WholeReport

PUBLISHED_NAME = "mimic-cxr-reports.zip"
# Looks for the letter first, then for what stands before it: a quarter faster.
_NAME = re.compile(r"p(?<![^/\\]p)(?P<subject>\d+)[/\\]s(?P<study>\d+)\.txt$", re.ASCII)


def read_mimic_cxr(path: Path, max_bytes: int) -> RawReports:
    """Reports of the zip or tree at `path`, however deep the tree is nested in it.

    Ids come without their letters: files/p10/p10000032/s50414267.txt is study 50414267 of subject
    10000032. A folder may hold the zip under its published name.
    """
    zipped = path / PUBLISHED_NAME
    found = entries(zipped if zipped.is_file() else path, _is_report, max_bytes)
    return RawReports(map(_Chunk, found.chunks), found.total)


def _is_report(name: str) -> bool:
    return _NAME.search(name) is not None


@dataclass(frozen=True, slots=True)
class _Chunk:
    """The reports of some entries, read where and when they are iterated over."""

    entries: Iterable[Entry]

    def __iter__(self) -> Iterator[RawReport]:
        for name, content in self.entries:
            ids = _NAME.search(name)
            if ids is None:
                continue
            subject, study = ids.groups()
            if isinstance(content, Fault):
                yield Unreadable(study, content)
            else:
                yield WholeReport(study, subject, content)
