"""An official split file (MIMIC-CXR's, MEDIQA's, one's own), followed to the letter.

Columns `study_id` and `split`; `subject_id` where there is one; others (`dicom_id`) are ignored.
MIMIC-CXR's own file has one row an image, so that a study may stand in it several times.
"""

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from radimpress.corpus.assignment import Part, Splits, collect, group_key, unit_hash
from radimpress.corpus.report import Report
from radimpress.runtime.errors import RadimpressError, next_step

STUDY, SUBJECT, SPLIT = "study_id", "subject_id", "split"
NAMES = {
    "train": Part.train,
    "training": Part.train,
    "validate": Part.validation,
    "validation": Part.validation,
    "valid": Part.validation,
    "val": Part.validation,
    "test": Part.test,
}
DEV = "dev"  # the test split of MEDIQA; beside a `test`, the validation split
GZIP_MAGIC = b"\x1f\x8b"
_LETTERED = re.compile(r"[sp](\d+)", re.IGNORECASE)
_PLAIN_WORD = re.compile(r"[A-Za-z_]{1,30}")


@dataclass(frozen=True, slots=True)
class OfficialSplit:
    """Study to side, and study to patient where the file names patients; all ids are plain."""

    parts: dict[str, Part]
    subjects: dict[str, str]

    @property
    def has_validation(self) -> bool:
        """False for MEDIQA's file: validation is then taken from train."""
        return Part.validation in self.parts.values()


@dataclass(frozen=True, slots=True)
class Agreement:
    """How the file and the clean reports agree, in studies."""

    studies_in_file: int
    absent: int  # in the file, not among the clean reports (cleaning drops some)
    not_in_file: int  # clean reports that the file does not name: left out
    subjects_filled: int  # reports that got their patient from the file
    validation_taken_from_train: int


def plain_id(text: str) -> str:
    """A study or subject id without MIMIC-CXR's letter.

    >>> plain_id("s50414267"), plain_id("50414267"), plain_id("CXR12")
    ('50414267', '50414267', 'CXR12')
    """
    text = text.strip()
    match = _LETTERED.fullmatch(text)
    return match[1] if match else text


def read_official(path: Path) -> OfficialSplit:
    """Read a split CSV, gzipped or not.

    Raises RadimpressError for a missing or damaged file, another encoding than UTF-8, missing
    columns, an unknown split name, and a study with two different splits.
    """
    named: dict[str, str] = {}
    subjects: dict[str, str] = {}
    for line, study, subject, name in _rows(path):
        if name not in NAMES and name != DEV:
            known = ", ".join((*NAMES, DEV))
            raise next_step(
                f"{path}, line {line}: the split is {_shown(name)}, expected one of {known}",
                "correct the file, or point data.split.file to the split CSV",
            )
        if named.setdefault(study, name) != name:
            raise next_step(
                f"{path}, line {line}: study {study} is in {named[study]} and in {name}",
                "give each study one split",
            )
        if subject:
            subjects[study] = subject
    dev = Part.validation if "test" in named.values() else Part.test
    return OfficialSplit({study: NAMES.get(name, dev) for study, name in named.items()}, subjects)


def by_file(
    reports: Sequence[Report], official: OfficialSplit, validation: float
) -> tuple[Splits, Agreement]:
    """Put each report where the file says; reports it does not name are left out.

    Where the file has no validation split, a stable hash of the patient takes the share
    `validation` of train, because training needs one to stop on. Raises RadimpressError where the
    file names none of the reports.
    """
    known = [report for report in reports if plain_id(report.study_id) in official.parts]
    if not known:
        raise next_step(
            f"none of the {len(reports):,} clean reports stands in the official split of "
            f"{len(official.parts):,} studies",
            "check that data.path and data.split.file belong to one corpus",
        )
    filled = [_with_subject(report, official) for report in known]
    assigned: list[tuple[Part, Report]] = []
    take_validation = not official.has_validation
    taken = 0
    for report in filled:
        part = official.parts[plain_id(report.study_id)]
        if part is Part.train and take_validation:
            part = Part.validation if unit_hash(group_key(report)) < validation else Part.train
            taken += part is Part.validation
        assigned.append((part, report))
    agreement = Agreement(
        studies_in_file=len(official.parts),
        absent=len(official.parts.keys() - {plain_id(report.study_id) for report in known}),
        not_in_file=len(reports) - len(known),
        subjects_filled=sum(a is not b for a, b in zip(known, filled, strict=True)),
        validation_taken_from_train=taken,
    )
    return collect(assigned), agreement


def _with_subject(report: Report, official: OfficialSplit) -> Report:
    subject = official.subjects.get(plain_id(report.study_id))
    return replace(report, subject_id=subject) if subject and not report.subject_id else report


def _rows(path: Path) -> Iterator[tuple[int, str, str, str]]:
    """(line, plain study, plain subject or "", split in lower case) of each row."""
    try:
        with path.open("rb") as raw:
            rows = csv.reader(io.TextIOWrapper(_unzipped(raw), "utf-8-sig", newline=""))
            header = [name.strip().lower() for name in next(rows, [])]
            study, split, subject = _columns(path, header)
            for row in rows:
                if not any(row):
                    continue
                cells = [*row, *[""] * (len(header) - len(row))]
                name = cells[split].strip().lower()
                who = plain_id(cells[subject]) if subject is not None else ""
                yield rows.line_num, plain_id(cells[study]), who, name
    except FileNotFoundError as error:
        raise _bad(path, "is missing", "set data.split.file to the split CSV") from error
    except UnicodeDecodeError as error:
        raise _bad(path, "is not UTF-8 text", "save it as UTF-8 CSV") from error
    except (csv.Error, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise _bad(path, "is damaged", "download or export it again") from error
    except OSError as error:
        raise _bad(path, f"cannot be read ({error.strerror})", "check data.split.file") from error


def _unzipped(raw: io.BufferedReader) -> io.BufferedReader | gzip.GzipFile:
    """The stream itself or what is gzipped in it, by its first bytes and not its name."""
    zipped = raw.read(2) == GZIP_MAGIC
    raw.seek(0)
    return gzip.GzipFile(fileobj=raw) if zipped else raw


def _columns(path: Path, header: list[str]) -> tuple[int, int, int | None]:
    """Where study, split and (maybe) subject stand in a row."""
    if missing := [name for name in (STUDY, SPLIT) if name not in header]:
        found = ", ".join(map(_shown, header[:8])) or "nothing"
        raise _bad(
            path,
            f"has no column {' and '.join(missing)}, found {found}",
            f"give it a header with {STUDY},{SPLIT} and, where known, {SUBJECT}",
        )
    subject = header.index(SUBJECT) if SUBJECT in header else None
    return header.index(STUDY), header.index(SPLIT), subject


def _shown(cell: str) -> str:
    """`cell` where it is one plain word; a file with shifted columns could hold ids or text."""
    if not cell:
        return "empty"
    return repr(cell) if _PLAIN_WORD.fullmatch(cell) else "(not shown: no plain word)"


def _bad(path: Path, what: str, step: str) -> RadimpressError:
    return next_step(f"the split file {path} {what}", step)
