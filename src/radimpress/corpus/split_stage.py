"""Stage `split`: clean reports to train, validation and test, checked for leaks before written."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from radimpress.config.schema import Data, Overlap, Split, SplitMethod
from radimpress.corpus.assignment import Splits, by_hash
from radimpress.corpus.leakage import (
    Contamination,
    PairOverlap,
    refuse_shared_patients,
    resolve_contamination,
    resolve_overlap,
)
from radimpress.corpus.official_split import Agreement, by_file, read_official
from radimpress.corpus.report import Report, read_reports, write_reports
from radimpress.corpus.stratification import composition
from radimpress.runtime.atomic import whole_folder, write_text
from radimpress.runtime.errors import next_step


def split_corpus(data: Data, clean: Path, out: Path) -> dict[str, Any]:
    """Write `{train,validation,test}.parquet`, `test_<external>.parquet`, `summary.json` to `out`.

    The folder is replaced as a whole, and is a function of the clean reports and `data` alone.
    Returns the summary. Raises RadimpressError where a side is empty or leaks, see
    docs/splits-and-leakage.md.
    """
    reports = read_reports(clean / "reports.parquet")
    if not reports:
        raise next_step(
            f"{clean / 'reports.parquet'} holds no report: cleaning kept none",
            f"see the reasons in {clean / 'summary.json'}",
        )
    splits, agreement = _assign(reports, data.split)
    splits.refuse_empty(f"after data.split.method={data.split.method.value}")
    refuse_shared_patients(splits)
    splits, overlap = resolve_overlap(splits, data.split.overlap)
    external = _external(data, clean)
    contamination = None
    if external:
        splits, contamination = resolve_contamination(
            splits,
            external,
            corpora=(data.name, str(data.external.name)),
            limit=data.split.max_contamination,
            drop=data.split.overlap is not Overlap.allow,
        )
    splits.refuse_empty("after leaking reports were dropped from it")
    files = {part.value: rows for part, rows in splits.parts()}
    if external:
        files[f"test_{data.external.name}"] = external
    summary = _summary(data, files, agreement, overlap, contamination)
    with whole_folder(out) as folder:
        for name, rows in files.items():
            write_reports(folder / f"{name}.parquet", rows)
        write_text(folder / "summary.json", json.dumps(summary, indent=2) + "\n")
    return summary


def _assign(reports: list[Report], split: Split) -> tuple[Splits, Agreement | None]:
    if split.method is SplitMethod.hash:
        return by_hash(reports, split.validation, split.test), None
    return by_file(reports, read_official(Path(split.file)), split.validation)


def _external(data: Data, clean: Path) -> list[Report]:
    """The external test set by study id; empty where none is configured."""
    if not data.external.name:
        return []
    reports = read_reports(clean / "external.parquet")
    if not reports:
        raise next_step(
            f"the external test set {data.external.name!r} has no report left after cleaning",
            f"see {clean / 'summary.json'}, or switch it off with data.external.name=null",
        )
    return sorted(reports, key=lambda report: report.study_id)


def _summary(
    data: Data,
    files: dict[str, list[Report]],
    agreement: Agreement | None,
    overlap: PairOverlap,
    contamination: Contamination | None,
) -> dict[str, Any]:
    """Plain data for summary.json; it names no patient and quotes no report."""
    return {
        "corpus": data.name,
        "method": data.split.method.value,
        "splits": {name: asdict(composition(reports)) for name, reports in files.items()},
        "official": asdict(agreement) if agreement else None,
        "leakage": {
            **asdict(overlap),
            "policy": overlap.policy.value,
            "warnings": _warnings(data, overlap, contamination),
        },
        "contamination": asdict(contamination) if contamination else None,
    }


def _warnings(data: Data, overlap: PairOverlap, contamination: Contamination | None) -> list[str]:
    """What a reader of any score on these splits must know."""
    if overlap.policy is not Overlap.allow:
        return []
    kept = {
        "training reports stand in validation or test": overlap.train_pairs_in_evaluation,
        "validation reports stand in test": overlap.validation_pairs_in_test,
        f"reports of test_{data.external.name} have findings that were trained on": (
            contamination.found_distinctive if contamination else 0
        ),
    }
    return [
        f"{count:,} {what}; data.split.overlap=allow kept them, scores are too high"
        for what, count in kept.items()
        if count
    ]
