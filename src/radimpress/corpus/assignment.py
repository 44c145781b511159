"""Which side of the split a report stands on: a stable hash of its patient, never a shuffle."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from radimpress.corpus.normalise import normalise
from radimpress.corpus.report import Report
from radimpress.runtime.errors import next_step

# A constant of the project and not the seed: another seed trains another model on the same split.
SALT = "radimpress split 1"


class Part(Enum):
    """The three sides of a split, valued as their files are named."""

    train = "train"
    validation = "validation"
    test = "test"


@dataclass(frozen=True, slots=True)
class Splits:
    """The reports of each side, sorted by study id."""

    train: list[Report]
    validation: list[Report]
    test: list[Report]

    def parts(self) -> Iterator[tuple[Part, list[Report]]]:
        """Each side with its reports, train first."""
        yield Part.train, self.train
        yield Part.validation, self.validation
        yield Part.test, self.test

    def refuse_empty(self, why: str) -> None:
        """Raise RadimpressError where a side has no report; `why` says what made it so."""
        if empty := [part.value for part, reports in self.parts() if not reports]:
            sizes = ", ".join(f"{part.value} {len(reports):,}" for part, reports in self.parts())
            raise next_step(
                f"the split {' and '.join(empty)} is empty {why} ({sizes})",
                "give more reports, larger data.split shares, or another data.split.file",
            )


def unit_hash(key: str) -> float:
    """Place `key` in [0, 1) by the first 52 bits of sha256(salt:key); equal on every machine."""
    digest = hashlib.sha256(f"{SALT}:{key}".encode()).hexdigest()
    return int(digest[:13], 16) / 16**13


def group_key(report: Report) -> str:
    """What must stay on one side: the patient or, where the corpus names none, equal findings."""
    if report.subject_id:
        return f"subject:{report.subject_id}"
    return f"findings:{normalise(report.findings)}"


def part_of(key: str, validation: float, test: float) -> Part:
    """The side of a group: test takes [0, test), validation the next stretch, train the rest.

    A report's side depends on its own key alone, so that added reports never move others, and a
    changed validation share never moves a report into or out of test.
    """
    place = unit_hash(key)
    if place < test:
        return Part.test
    return Part.validation if place < test + validation else Part.train


def by_hash(reports: Iterable[Report], validation: float, test: float) -> Splits:
    """Split by group; `validation` and `test` are shares of the groups, not of the reports."""
    return collect((part_of(group_key(r), validation, test), r) for r in reports)


def collect(assigned: Iterable[tuple[Part, Report]]) -> Splits:
    """Gather reports by side, each side sorted by study id as text."""
    sides: dict[Part, list[Report]] = {part: [] for part in Part}
    for part, report in assigned:
        sides[part].append(report)
    for reports in sides.values():
        reports.sort(key=lambda report: report.study_id)
    return Splits(sides[Part.train], sides[Part.validation], sides[Part.test])
