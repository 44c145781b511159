"""What must not stand on both sides of a split: patients, report pairs, an external test set.

Texts are compared by `normalise`, as digests of 16 bytes, so that memory stays small.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from radimpress.config.schema import Overlap
from radimpress.corpus.assignment import Part, Splits
from radimpress.corpus.normalise import normalise
from radimpress.corpus.report import Report
from radimpress.runtime.errors import next_step

STUDIES_SHOWN = 5
# Findings shorter than this ("the lungs are clear") are written word for word in any hospital;
# equal ones are no evidence that a report was copied. docs/splits-and-leakage.md has the counts.
TEMPLATE_WORDS = 10


@dataclass(frozen=True, slots=True)
class PairOverlap:
    """Normalised findings-impression pairs on both sides, in reports."""

    policy: Overlap
    train_pairs_in_evaluation: int  # training reports whose pair stands in validation or test
    validation_pairs_in_test: int
    dropped_from_train: int
    dropped_from_validation: int
    test_findings_in_train: int  # after the drop: test reports whose findings alone stand in train


@dataclass(frozen=True, slots=True)
class Contamination:
    """Findings of an external test set that stand in the reports a model learns from."""

    external_reports: int
    distinctive_reports: int  # external reports with findings of TEMPLATE_WORDS or more
    found_distinctive: int  # of those, how many stand in train or validation
    found_template: int  # shorter ones found there: counted, and kept on both sides
    share: float  # found_distinctive of distinctive_reports; of all where none is distinctive
    dropped_from_train: int
    dropped_from_validation: int


def shared_patients(splits: Splits) -> list[str]:
    """One study of each patient who has reports on two sides: the first on a second side."""
    home: dict[str, Part] = {}
    shared: dict[str, str] = {}  # by subject, which is never shown
    for part, reports in splits.parts():
        for report in reports:
            if not report.subject_id:
                continue
            if home.setdefault(report.subject_id, part) is not part:
                shared.setdefault(report.subject_id, report.study_id)
    return list(shared.values())


def refuse_shared_patients(splits: Splits) -> None:
    """Raise RadimpressError where a patient has reports on two sides; names studies only."""
    if shared := shared_patients(splits):
        raise next_step(
            f"{len(shared):,} patients have reports on two sides of the split, e.g. of "
            f"{some(shared)}",
            "correct the split file, or use data.split.method=hash, which keeps patients whole",
        )


def resolve_overlap(splits: Splits, policy: Overlap) -> tuple[Splits, PairOverlap]:
    """Refuse, drop or allow pairs that stand on two sides.

    `drop` takes them from train where validation or test has them, then from validation where
    test has them: test is never touched. Raises RadimpressError under `refuse`.
    """
    test = {_pair(report) for report in splits.test}
    evaluation = test | {_pair(report) for report in splits.validation}
    train_hits = [report for report in splits.train if _pair(report) in evaluation]
    validation_hits = [report for report in splits.validation if _pair(report) in test]
    if policy is Overlap.refuse and (train_hits or validation_hits):
        raise next_step(
            f"{len(train_hits):,} training reports equal one of validation or test in findings and "
            f"impression, {len(validation_hits):,} validation reports one of test, e.g. "
            f"{some(r.study_id for r in train_hits or validation_hits)}",
            "set data.split.overlap=drop to leave them out of training",
        )
    kept = splits
    if policy is Overlap.drop:
        kept = Splits(
            _without(splits.train, train_hits),
            _without(splits.validation, validation_hits),
            splits.test,
        )
    learnt = {_findings(report) for report in kept.train}
    return kept, PairOverlap(
        policy=policy,
        train_pairs_in_evaluation=len(train_hits),
        validation_pairs_in_test=len(validation_hits),
        dropped_from_train=len(splits.train) - len(kept.train),
        dropped_from_validation=len(splits.validation) - len(kept.validation),
        test_findings_in_train=sum(_findings(report) in learnt for report in kept.test),
    )


def resolve_contamination(
    splits: Splits, external: Sequence[Report], corpora: tuple[str, str], limit: float, drop: bool
) -> tuple[Splits, Contamination]:
    """Refuse or drop training and validation reports that an external test set repeats.

    `corpora` names ours and the external one. Findings alone decide, because another preparation
    of the same reports (Open-i against MEDIQA's Indiana) may cut the impression differently; short
    template findings are left out of the count. Raises RadimpressError where the share found is
    above `limit`; else the reports found are dropped, or kept where `drop` is false.
    """
    normalised = [normalise(report.findings) for report in external]
    distinctive = {text for text in normalised if _is_distinctive(text)}
    seen = {
        _findings(report) for reports in (splits.train, splits.validation) for report in reports
    }
    found = Counter(_is_distinctive(text) for text in normalised if _digest(text) in seen)
    sizes = Counter(_is_distinctive(text) for text in normalised)
    hits, out_of = (found[True], sizes[True]) if sizes[True] else (found[False], sizes[False])
    share = hits / out_of if out_of else 0.0
    if share > limit:
        ours, theirs = corpora
        raise next_step(
            f"{hits:,} of {out_of:,} reports of the external test set {theirs!r} stand in the "
            f"training reports of {ours!r} ({share:.1%}, at most {limit:.1%} allowed by "
            "data.split.max_contamination): they look like the same corpus",
            "test on another corpus, or switch the test set off with data.external.name=null",
        )
    copied = {_digest(text) for text in distinctive} if drop else set()
    kept = Splits(
        [report for report in splits.train if _findings(report) not in copied],
        [report for report in splits.validation if _findings(report) not in copied],
        splits.test,
    )
    return kept, Contamination(
        external_reports=len(external),
        distinctive_reports=sizes[True],
        found_distinctive=found[True],
        found_template=found[False],
        share=share,
        dropped_from_train=len(splits.train) - len(kept.train),
        dropped_from_validation=len(splits.validation) - len(kept.validation),
    )


def _is_distinctive(normalised: str) -> bool:
    return len(normalised.split()) >= TEMPLATE_WORDS


def _digest(*texts: str) -> bytes:
    return blake2b("\0".join(texts).encode(), digest_size=16).digest()


def _findings(report: Report) -> bytes:
    return _digest(normalise(report.findings))


def _pair(report: Report) -> bytes:
    return _digest(normalise(report.findings), normalise(report.impression))


def _without(reports: Sequence[Report], left_out: Sequence[Report]) -> list[Report]:
    gone = {id(report) for report in left_out}
    return [report for report in reports if id(report) not in gone]


def some(studies: Iterable[str]) -> str:
    """A few study ids for a message."""
    shown = sorted(studies)[:STUDIES_SHOWN]
    return ("study " if len(shown) == 1 else "studies ") + ", ".join(shown)
