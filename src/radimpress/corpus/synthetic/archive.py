"""A generated corpus on disk, in the files and names of MIMIC-CXR; the same bytes every time."""

import gzip
import hashlib
import json
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from radimpress.corpus.synthetic.observations import Observation, Stated
from radimpress.corpus.synthetic.readme import readme
from radimpress.corpus.synthetic.studies import SyntheticStudy, generate_studies
from radimpress.runtime.atomic import whole_file, write_text
from radimpress.runtime.progress import track

REPORTS, SPLIT, TRUTH = "mimic-cxr-reports.zip", "mimic-cxr-2.0.0-split.csv", "truth.jsonl.gz"
SHARES = (("validate", 0.08), ("test", 0.12))
"""Shares of the subjects; the rest is `train`. Names as in MIMIC-CXR's own split file."""

_DATE = (2026, 1, 1, 0, 0, 0)
_UNIX = 3  # in zip entries and in the gzip header, on whatever system this runs
_GZIP_SYSTEM = 9  # the place of that byte (RFC 1952)
_FILE_MODE = 0o100644 << 16  # a regular file, rw-r--r--, where zip keeps Unix modes


def write_corpus(out: Path, institution: str, reports: int, seed: int) -> dict[str, Any]:
    """Write the zip, the split file, the gzipped truth and a README into `out`.

    Returns counts: reports, subjects, images, reports a split, reports a quirk. Raises
    RadimpressError for an unknown institution, fewer than one report, or a full disk; each file is
    whole or absent.
    """
    studies = list(
        track(generate_studies(institution, reports, seed), "synthetic reports", reports)
    )
    split = {study.study_id: split_of(study.subject_id, seed) for study in studies}
    with whole_file(out / REPORTS) as path:
        _write_zip(path, studies)
    write_text(out / SPLIT, "".join(_split_lines(studies, split)))
    with whole_file(out / TRUTH) as path:
        path.write_bytes(_gzipped("".join(f"{_truth_line(study)}\n" for study in studies)))
    summary = {
        "institution": institution,
        "seed": seed,
        "reports": len(studies),
        "subjects": len({study.subject_id for study in studies}),
        "images": sum(study.images for study in studies),
        "splits": dict(sorted(Counter(split.values()).items())),
        "quirks": dict(sorted(Counter(q.value for s in studies for q in s.quirks).items())),
    }
    write_text(out / "README.md", readme(summary))
    return summary


def split_of(subject_id: str, seed: int) -> str:
    """`train`, `validate` or `test`, by a hash of the subject."""
    digest = hashlib.sha256(f"split/{seed}/{subject_id}".encode()).digest()
    draw = int.from_bytes(digest[:8], "big") / 2**64
    for name, share in SHARES:
        if draw < share:
            return name
        draw -= share
    return "train"


def _write_zip(path: Path, studies: Sequence[SyntheticStudy]) -> None:
    entries = {_entry_name(study): study.raw for study in studies}
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(entries):
            info = zipfile.ZipInfo(name, _DATE)
            info.create_system = _UNIX
            info.external_attr = _FILE_MODE
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, entries[name], compresslevel=9)


def _entry_name(study: SyntheticStudy) -> str:
    return f"files/p{study.subject_id[:2]}/p{study.subject_id}/s{study.study_id}.txt"


def _split_lines(studies: Sequence[SyntheticStudy], split: Mapping[str, str]) -> Iterable[str]:
    """One row an image, as MIMIC-CXR-JPG has it, by subject, study and image."""
    yield "dicom_id,study_id,subject_id,split\n"
    for study in sorted(studies, key=lambda study: (study.subject_id, study.study_id)):
        for image in range(study.images):
            yield (
                f"{_dicom_id(study.study_id, image)},{study.study_id},{study.subject_id},"
                f"{split[study.study_id]}\n"
            )


def _dicom_id(study_id: str, image: int) -> str:
    """Five groups of eight hexadecimal digits."""
    digits = hashlib.sha256(f"image/{study_id}/{image}".encode()).hexdigest()[:40]
    return "-".join(digits[start : start + 8] for start in range(0, 40, 8))


def _truth_line(study: SyntheticStudy) -> str:
    return json.dumps(
        {
            "study_id": study.study_id,
            "subject_id": study.subject_id,
            "institution": study.institution,
            "style": study.style,
            "has_prior": study.has_prior,
            "observations": _rows(study.observations),
            "impression_observations": _rows(study.impression_observations),
            "findings": study.findings,
            "impression": study.impression,
            "quirks": [quirk.value for quirk in study.quirks],
        },
        separators=(",", ":"),
    )


def _rows(states: Mapping[Observation, Stated]) -> dict[str, dict[str, Any]]:
    return {
        observation.value: {
            "presence": stated.presence.value,
            "sides": [side.value for side in stated.sides],
            "severity": stated.severity.value if stated.severity else None,
            "change": stated.change.value if stated.change else None,
        }
        for observation, stated in states.items()
    }


def _gzipped(text: str) -> bytes:
    packed = bytearray(gzip.compress(text.encode(), compresslevel=9, mtime=0))
    packed[_GZIP_SYSTEM] = _UNIX  # Python 3.11 writes 3 here and 3.13 writes 255, "unknown"
    return bytes(packed)
