"""Stage `clean`: raw corpora to data/clean, whole or not at all."""

import json
from collections import Counter
from dataclasses import asdict
from enum import Enum
from pathlib import Path
from typing import Any

from radimpress.config.schema import Data
from radimpress.corpus.cleaned_corpus import Tally, write_cleaned
from radimpress.corpus.corpus_source import external_source, main_source
from radimpress.corpus.preparation import Rules
from radimpress.runtime.atomic import whole_folder

REPORTS, EXTERNAL = "reports.parquet", "external.parquet"
SUMMARY, QUARANTINE = "summary.json", "quarantine.jsonl"


def clean_corpus(data: Data, out: Path, workers: int) -> dict[str, Any]:
    """Clean the corpus of `data`, and its external test set where it has one, into folder `out`.

    Writes reports.parquet, external.parquet, quarantine.jsonl (study ids and reasons, no text) and
    summary.json; returns the summary, in which `read` is `kept` and all of `dropped` and
    `quarantined` together. Raises RadimpressError where a corpus cannot be read or has no usable
    report; `out` is then as it was.
    """
    with whole_folder(out) as folder:
        source = main_source(data)
        rules = Rules(source.name, data.profile, data.cleaning)
        tally = write_cleaned(source, rules, data.limit, folder / REPORTS, workers)
        summary = {
            "corpus": source.name,
            "profile": data.profile.value,
            **_counts(tally),
            "cleaning": _plain(asdict(data.cleaning)),
        }
        quarantined = _quarantine_lines(source.name, tally)
        if external := external_source(data):
            rules = Rules(external.name, data.profile, data.cleaning)
            tally = write_cleaned(external, rules, None, folder / EXTERNAL, workers)
            summary["external"] = {"corpus": external.name, **_counts(tally)}
            quarantined += _quarantine_lines(external.name, tally)
        (folder / QUARANTINE).write_text("".join(quarantined), encoding="utf-8")
        (folder / SUMMARY).write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    return summary


def describe(summary: dict[str, Any], reasons: int = 5) -> str:
    """For a person: how many reports were read and kept, and why the others were not."""
    lines = [_line(summary, reasons)]
    if external := summary.get("external"):
        lines.append(_line(external, reasons))
    return "\n".join(lines)


def _line(counts: dict[str, Any], reasons: int) -> str:
    line = f"{counts['corpus']}: read {counts['read']:,}, kept {counts['kept']:,}"
    lost = Counter[str](counts["dropped"]) + Counter[str](counts["quarantined"])
    top = ", ".join(f"{reason} {n:,}" for reason, n in lost.most_common(reasons))
    return f"{line}; not kept: {top}" if top else line


def _counts(tally: Tally) -> dict[str, Any]:
    quarantined = Counter(fault.value for _, fault in tally.quarantined)
    return {
        "read": tally.read,
        "kept": tally.kept,
        "dropped": dict(sorted(tally.dropped.items())),
        "quarantined": dict(sorted(quarantined.items())),
        "repaired_encoding": tally.repaired,
    }


def _quarantine_lines(corpus: str, tally: Tally) -> list[str]:
    return [
        json.dumps({"corpus": corpus, "study_id": study_id, "reason": fault.value}) + "\n"
        for study_id, fault in tally.quarantined
    ]


def _plain(settings: dict[str, Any]) -> dict[str, Any]:
    return {k: v.value if isinstance(v, Enum) else v for k, v in settings.items()}
