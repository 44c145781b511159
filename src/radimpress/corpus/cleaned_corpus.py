"""One corpus from raw reports to a Parquet table, in bounded memory."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from radimpress.config.schema import CorpusFormat
from radimpress.corpus.corpus_source import CorpusSource
from radimpress.corpus.preparation import Prepared, Rules, prepare
from radimpress.corpus.raw import Fault, RawReport
from radimpress.corpus.report_spill import ReportSpill, report_batch
from radimpress.corpus.selection import Key, select
from radimpress.corpus.worker_pool import in_order
from radimpress.runtime.errors import RadimpressError, next_step
from radimpress.runtime.progress import Meter

_TOP_REASONS = 4
_EXPECTED = {
    CorpusFormat.mimic_cxr: "files named pSUBJECT/sSTUDY.txt, as in mimic-cxr-reports.zip",
    CorpusFormat.openi: "files named N.xml, as in Open-i's ecgen-radiology",
    CorpusFormat.indiana: "a list of objects",
    CorpusFormat.csv: "rows below its header",
    CorpusFormat.jsonl: "a JSON object a line",
}


@dataclass(slots=True)
class Tally:
    """What became of every report read: kept, dropped or quarantined, each counted once.

    `quarantined` names the reports that could not be read; `repaired` counts those, among the
    others, that were not UTF-8 and were read as Windows-1252.
    """

    read: int = 0
    kept: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    quarantined: list[tuple[str, Fault]] = field(default_factory=list)
    repaired: int = 0

    def reasons(self) -> Counter[str]:
        """How many reports were lost to each reason."""
        return self.dropped + Counter(fault.value for _, fault in self.quarantined)


def write_cleaned(
    source: CorpusSource, rules: Rules, limit: int | None, out: Path, workers: int
) -> Tally:
    """Write the usable reports of `source` to `out`, by study id; the same bytes for any `workers`.

    Raises RadimpressError where the corpus cannot be read or has no usable report.
    """
    tally, keys = Tally(), list[Key]()
    raw = source.read(rules.cleaning.max_report_bytes)
    with ReportSpill(out.with_suffix(".spill")) as spill, Meter(source.name, raw.total) as meter:
        for prepared, rows in in_order(partial(_prepared, rules), raw.chunks, workers):
            spill.append(rows)
            studies, subjects = (rows[name].to_pylist() for name in ("study_id", "subject_id"))
            keys += map(Key, studies, subjects, prepared.fingerprints)
            tally.dropped += prepared.dropped
            tally.quarantined += prepared.quarantined
            tally.repaired += prepared.repaired
            meter.advance(prepared.read)
            tally.read += prepared.read
        selection = select(keys, rules.cleaning.duplicates, limit)
        tally.dropped += selection.dropped
        tally.quarantined += [(name, Fault.REPEATED_STUDY_ID) for name in selection.repeated]
        tally.kept = len(selection.order)
        if not tally.kept:
            raise _nothing_usable(source, tally)
        spill.write_parquet(out, selection.order)
    return tally


def _prepared(rules: Rules, chunk: Iterable[RawReport]) -> tuple[Prepared, Any]:
    """What became of a chunk, the kept reports as an Arrow batch: columns travel fast."""
    prepared = prepare(rules, chunk)
    rows, prepared.kept = report_batch(prepared.kept), []
    return prepared, rows


def _nothing_usable(source: CorpusSource, tally: Tally) -> RadimpressError:
    if not tally.read:
        return next_step(
            f"{source.path} holds no report; format {source.format.value} expects "
            f"{_EXPECTED[source.format]}",
            "check data.path and data.format (docs/data-sources.md)",
        )
    top = ", ".join(f"{reason} {n:,}" for reason, n in tally.reasons().most_common(_TOP_REASONS))
    return next_step(
        f"none of the {tally.read:,} reports of {source.path} is usable: {top}",
        "look at one of them with `radimpress sections FILE`, or loosen data.cleaning",
    )
