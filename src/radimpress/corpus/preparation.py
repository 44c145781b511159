"""A chunk of raw reports to clean ones: what every worker process does."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from radimpress.config.schema import Cleaning, Duplicates, Profile
from radimpress.corpus.chunk import chunked
from radimpress.corpus.cleaning import NormalPair, clean_text, drop_reason
from radimpress.corpus.decoding import decode
from radimpress.corpus.raw import Fault, RawReport, SectionedReport, Unreadable, WholeReport
from radimpress.corpus.report import ReportRow
from radimpress.corpus.section_record import Sections, sections
from radimpress.corpus.sections import parse_all

_SEPARATOR = "\x1f"
_AT_ONCE = 128  # reports read, then parsed: fewer or more at a time take longer
_UNCOMPARED = NormalPair("", "")  # where no rule looks at normal forms: they take half the time


@dataclass(frozen=True, slots=True)
class Rules:
    """How reports of the corpus named `source` are parsed and cleaned."""

    source: str
    profile: Profile
    cleaning: Cleaning


@dataclass(slots=True)
class Prepared:
    """What became of a chunk of `read` reports: each is kept, dropped or quarantined.

    `fingerprints` has a digest of the normalised findings and impression for each kept report, b""
    where nothing compares reports; `repaired` counts reports that were read as Windows-1252.
    """

    read: int = 0
    kept: list[ReportRow] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    quarantined: list[tuple[str, Fault]] = field(default_factory=list)
    fingerprints: list[bytes] = field(default_factory=list)
    repaired: int = 0


def prepare(rules: Rules, chunk: Iterable[RawReport]) -> Prepared:
    """Parse, clean and judge each report of `chunk`, in its order."""
    prepared = Prepared()
    settings = rules.cleaning
    compared = (
        settings.duplicates is not Duplicates.none or settings.drop_pointers or settings.drop_leaks
    )
    for batch in chunked(chunk, _AT_ONCE):
        prepared.read += len(batch)
        for raw, parsed in _sectioned(batch, rules, prepared):
            if parsed.dropped:
                prepared.dropped[parsed.dropped] += 1
                continue
            background, findings, impression, _ = parsed
            if rules.profile is not Profile.mediqa:  # whose texts are left to the letter
                background, findings, impression = _tidied(parsed, settings)
            normal = NormalPair.of(findings, impression) if compared else _UNCOMPARED
            if reason := drop_reason(findings, impression, normal, settings):
                prepared.dropped[reason.value] += 1
            else:
                row = (raw.study_id, raw.subject_id, rules.source, background, findings, impression)
                prepared.kept.append(row)
                prepared.fingerprints.append(fingerprint(normal) if compared else b"")
    return prepared


def fingerprint(pair: NormalPair) -> bytes:
    """16 bytes that are equal where findings and impression are equal once normalised."""
    text = pair.findings + _SEPARATOR + pair.impression
    return hashlib.blake2b(text.encode("utf-8"), digest_size=16).digest()


def _sectioned(
    batch: Sequence[RawReport], rules: Rules, prepared: Prepared
) -> Iterator[tuple[WholeReport | SectionedReport, Sections]]:
    """The reports with their sections; without those that go to quarantine."""
    readable, texts = list[WholeReport | SectionedReport](), list[str]()
    for raw in batch:
        if isinstance(raw, Unreadable):
            prepared.quarantined.append((raw.study_id, raw.fault))
            continue
        if isinstance(raw, WholeReport):
            decoded = decode(raw.content)
            if isinstance(decoded, Fault):
                prepared.quarantined.append((raw.study_id, decoded))
                continue
            texts.append(decoded[0])
            if decoded[1] or raw.repaired:
                prepared.repaired += 1
        elif raw.repaired:
            prepared.repaired += 1
        readable.append(raw)
    parsed = iter(parse_all(texts, rules.profile))
    for report in readable:
        yield report, next(parsed) if isinstance(report, WholeReport) else _given(report)


def _given(report: SectionedReport) -> Sections:
    return sections(report.background.strip(), report.findings.strip(), report.impression.strip())


def _tidied(parsed: Sections, settings: Cleaning) -> tuple[str, str, str]:
    numbers, placeholder = settings.list_numbers, settings.placeholder
    background, findings, impression = (clean_text(t, numbers, placeholder) for t in parsed[:3])
    return background, findings, impression
