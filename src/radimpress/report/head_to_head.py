"""Two sides on the same reports: every metric, every slice, and where they differ most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from radimpress.config.schema import Config
from radimpress.corpus.report import Report
from radimpress.metrics.catalogue import BY_NAME, Columns
from radimpress.metrics.comparison import Comparison, compare
from radimpress.metrics.score import ScoredPair, Settings, slice_masks
from radimpress.metrics.slices import Mask
from radimpress.report.evaluate_stage import settings_of
from radimpress.report.examples import FLAGS, RANKED_BY
from radimpress.report.run_comparison import common_studies, rows_of, value_of
from radimpress.report.side import Side, open_side

SLICED = ("rougeL", "clinical_f1_micro")


@dataclass(frozen=True, slots=True)
class Duel:
    """A metric on both sides; `comparison` is A minus B."""

    a: float
    b: float
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Texts:
    """What may be shown of a report, which is of a public corpus then; None: not at hand."""

    findings: str
    reference: str
    a: str | None
    b: str | None


@dataclass(frozen=True, slots=True)
class Differing:
    """A report on which A and B scored apart, and which clinical errors each made."""

    study_id: str
    a: float  # ROUGE-L
    b: float
    errors_a: tuple[str, ...]
    errors_b: tuple[str, ...]
    texts: Texts | None


@dataclass(frozen=True, slots=True)
class HeadToHead:
    """Everything `radimpress compare A B` says."""

    a: Side
    b: Side
    split: str
    reports: int
    metrics: Mapping[str, Duel]
    slices: Mapping[str, tuple[int, Mapping[str, Duel]]]  # slice -> reports, by metric
    differing: tuple[Differing, ...]
    cautions: tuple[str, ...]
    settings: Settings


def compare_two(config: Config, names: Sequence[str], split: str, wanted: int) -> HeadToHead:
    """Compare what two `names` stand for on the reports of `split` that both have.

    `wanted` reports are shown, half of them those that A wins by most. Raises RadimpressError for
    an unknown name, a bad file, and sides that share no report.
    """
    a, b = (open_side(config, name, split) for name in names)
    return head_to_head(a, b, split, settings_of(config), wanted)


def head_to_head(a: Side, b: Side, split: str, settings: Settings, wanted: int) -> HeadToHead:
    """Compare two sides; pure."""
    studies = common_studies([a.studies, b.studies], split)
    ours, theirs = rows_of(a.studies, a.columns, studies), rows_of(b.studies, b.columns, studies)
    reports = {**b.reports, **a.reports}
    return HeadToHead(
        a=a,
        b=b,
        split=split,
        reports=len(studies),
        metrics=_duels(ours, theirs, settings),
        slices=_slices(studies, reports, ours, theirs, settings),
        differing=tuple(_differing(a, b, studies, ours, theirs, reports, wanted)),
        cautions=tuple(_cautions(a, b, studies)),
        settings=settings,
    )


def _duels(ours: Columns, theirs: Columns, settings: Settings) -> dict[str, Duel]:
    tests = compare(ours, theirs, settings.resampling)
    return {
        name: Duel(value_of(name, ours), value_of(name, theirs), test)
        for name, test in tests.items()
    }


def _slices(
    studies: Sequence[str],
    reports: Mapping[str, Report],
    ours: Columns,
    theirs: Columns,
    settings: Settings,
) -> dict[str, tuple[int, Mapping[str, Duel]]]:
    """Empty where the reports are not at hand: which slice a report is in, only its text says."""
    if any(study not in reports for study in studies):
        return {}
    texts = [reports[study] for study in studies]
    pairs = [ScoredPair(r.study_id, r.findings, r.impression, "", "", r.source) for r in texts]
    needed = {column for name in SLICED for column in BY_NAME[name].columns}
    left, right = ({k: c[k] for k in needed if k in c} for c in (ours, theirs))

    def within(mask: Mask) -> dict[str, Duel]:
        a, b = ({k: column[mask] for k, column in side.items()} for side in (left, right))
        return {name: duel for name, duel in _duels(a, b, settings).items() if name in SLICED}

    masks = slice_masks(pairs, settings)
    return {name: (int(mask.sum()), within(mask)) for name, mask in masks.items()}


def _differing(
    a: Side,
    b: Side,
    studies: Sequence[str],
    ours: Columns,
    theirs: Columns,
    reports: Mapping[str, Report],
    wanted: int,
) -> list[Differing]:
    """The reports A wins by most, then those B wins by most, by ROUGE-L."""
    gain = ours[RANKED_BY] - theirs[RANKED_BY]
    order = sorted(range(len(studies)), key=lambda row: (-gain[row], studies[row]))
    won = [row for row in order if gain[row] > 0]
    lost = [row for row in reversed(order) if gain[row] < 0]
    for_a = min(len(won), max(wanted - wanted // 2, wanted - len(lost)))
    chosen = won[:for_a] + lost[: wanted - for_a]
    shown = a.public and b.public

    def texts(study: str) -> Texts | None:
        if not shown or study not in reports:
            return None
        report = reports[study]
        return Texts(report.findings, report.impression, a.outputs.get(study), b.outputs.get(study))

    return [
        Differing(
            studies[row],
            float(ours[RANKED_BY][row]),
            float(theirs[RANKED_BY][row]),
            _errors(ours, row),
            _errors(theirs, row),
            texts(studies[row]),
        )
        for row in chosen
    ]


def _errors(columns: Columns, row: int) -> tuple[str, ...]:
    return tuple(
        kind.value
        for kind, column in FLAGS.items()
        if column in columns and np.nan_to_num(columns[column][row]) > 0
    )


def _cautions(a: Side, b: Side, studies: Sequence[str]) -> list[str]:
    found = []
    if a.split_md5 and b.split_md5 and a.split_md5 != b.split_md5:
        found.append("they were scored on different versions of this split: references may differ")
    left_out = max(len(a.studies), len(b.studies)) - len(studies)
    if left_out:
        found.append(f"{left_out:,} reports that only one of them has are left out")
    return found
