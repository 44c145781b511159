"""Golden behaviour tests: what a model must get right whatever its scores are.

A case is a short report with one right answer, measured by the labeller: no reference text, so any
wording passes. Failures are named by code; what the model wrote is never kept or shown.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

from radimpress.corpus.report import Prediction
from radimpress.metrics.labels.labeller import is_normal, label
from radimpress.metrics.labels.observations import Labels, Observation, Side
from radimpress.runtime.errors import RadimpressError, next_step

FAMILIES = ("negation", "side", "finding", "normal", "empty", "absurd")
BUILT_IN = "golden_cases.json"
EXPECTED = {"present", "absent", "side", "normal", "refused"}
KEYS = {"name", "family", "findings", "repeat"} | EXPECTED


class Writer(Protocol):
    """What is asked: raw findings in, impressions out, empty findings refused."""

    def summarize(self, findings: Sequence[str]) -> list[Prediction]:
        """One prediction for each text."""


@dataclass(frozen=True, slots=True)
class Case:
    """Findings and what the impression must say of them.

    `present` and `absent` name observations; `side` must be named, and the other may not be;
    `normal`: no pathology may be stated; `refused`: the model must not be asked at all.
    """

    name: str
    family: str
    findings: str
    present: tuple[Observation, ...] = ()
    absent: tuple[Observation, ...] = ()
    side: Side | None = None
    normal: bool = False
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case and what was wrong with the answer, as codes; nothing: it passed."""

    name: str
    family: str
    problems: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing was wrong."""
        return not self.problems

    def __str__(self) -> str:
        return f"{self.name} ({', '.join(self.problems)})" if self.problems else self.name


def read_cases(path: Path | None = None) -> tuple[Case, ...]:
    """The cases of `path`, or those that come with radimpress. Raises RadimpressError for others.

    A case of the file may say `repeat`: how often its findings are written one after another.
    What could never fail is refused too: a family without a case, a case that asks for nothing.
    """
    source = path or files("radimpress.registry.evidence") / BUILT_IN
    try:
        rows = json.loads(source.read_text(encoding="utf-8"))["cases"]
        cases = tuple(_case(row) for row in rows)
        if missing := set(FAMILIES) - {case.family for case in cases}:
            raise ValueError(f"no case of {', '.join(sorted(missing))}")
        return cases
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise next_step(
            f"{path or BUILT_IN} holds no golden cases: {type(error).__name__} {error}",
            "write it as docs/gates.md shows, or leave promotion.golden.cases null",
        ) from error


def run_cases(writer: Writer, cases: Iterable[Case]) -> Iterator[Outcome]:
    """Ask `writer` each case by itself, as a user would."""
    for case in cases:
        yield Outcome(case.name, case.family, tuple(_problems(writer, case)))


def problems(case: Case, impression: str) -> list[str]:
    """What is wrong with this impression of the case's findings."""
    if not impression.strip():
        return ["nothing written"]
    told = label(impression)
    found = [f"states {each.value}" for each in case.absent if _states(each, told)]
    found += [f"does not state {each.value}" for each in case.present if not _states(each, told)]
    if case.side is not None:
        found += _side(case.side, told)
    if case.normal and not is_normal(impression):
        found.append("states a pathology")
    return found


def _problems(writer: Writer, case: Case) -> list[str]:
    try:
        written = writer.summarize([case.findings])[0].prediction
    except RadimpressError:
        return [] if case.refused else ["refused"]
    except Exception as error:  # whatever a model does to a strange text is its answer
        return [f"crashed with {type(error).__name__}"]
    return ["not refused"] if case.refused else problems(case, written)


def _states(observation: Observation, told: Labels) -> bool:
    return observation in told and told[observation].asserted


def _side(side: Side, told: Labels) -> list[str]:
    named = frozenset[Side]().union(*(each.sides for each in told.values() if each.asserted))
    found = [] if side in named else [f"does not say {side.value}"]
    return found + [f"says {other.value}" for other in sorted(named - {side}, key=str)]


def _case(row: dict[str, Any]) -> Case:
    if row["family"] not in FAMILIES:
        raise ValueError(f"family {row['family']!r} is none of {', '.join(FAMILIES)}")
    if unknown := set(row) - KEYS:
        raise ValueError(f"a case has the unknown field {', '.join(sorted(unknown))}")
    if row["family"] != "absurd" and not any(row.get(name) for name in EXPECTED):
        raise ValueError(f"a case of family {row['family']} asks for nothing")
    return Case(
        name=str(row["name"]),
        family=str(row["family"]),
        findings=str(row["findings"]) * int(row.get("repeat", 1)),
        present=tuple(Observation(name) for name in row.get("present", ())),
        absent=tuple(Observation(name) for name in row.get("absent", ())),
        side=Side(row["side"]) if "side" in row else None,
        normal=bool(row.get("normal", False)),
        refused=bool(row.get("refused", False)),
    )
