"""The chosen reports as the page shows them: text only where the corpus is public."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from radimpress.corpus.report import Prediction, Report, read_predictions, read_reports
from radimpress.metrics.clinical import RATES
from radimpress.metrics.factuality import assess
from radimpress.metrics.labels.observations import Observation
from radimpress.report.differences import Piece, differences
from radimpress.report.examples import FLAGS, Choice, Kind, Scores, choose
from radimpress.report.score_table import read_scores
from radimpress.report.vocabulary import metric, system


@dataclass(frozen=True, slots=True)
class Error:
    """A clinical error and what it is about: observations, or words of the output."""

    label: str
    about: str


@dataclass(frozen=True, slots=True)
class Output:
    """What one system wrote: laid over the reference, its ROUGE-L and what is wrong with it."""

    label: str
    style: str
    candidate: bool
    pieces: tuple[Piece, ...]
    score: str
    errors: tuple[Error, ...]
    notes: tuple[str, ...]  # truncated, clipped


@dataclass(frozen=True, slots=True)
class Example:
    """One report; `kinds` are the filters it answers to."""

    study_id: str
    kinds: tuple[Kind, ...]
    background: str
    findings: str
    reference: str
    outputs: tuple[Output, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """One report of a corpus that is not public: where to look, and no text."""

    study_id: str
    kinds: tuple[Kind, ...]
    score: str


@dataclass(frozen=True, slots=True)
class ExampleFiles:
    """Where the texts and the scores of a split stand."""

    reports_dir: Path
    splits_dir: Path
    split: str

    def scores(self, name: str) -> dict[str, Scores]:
        """The per-report scores of a system by study id; {} where it was not scored."""
        path = self.reports_dir / "scores" / name / f"{self.split}.parquet"
        if not path.is_file():
            return {}
        studies, columns = read_scores(path)
        return {
            study: {metric: float(values[i]) for metric, values in columns.items()}
            for i, study in enumerate(studies)
        }

    def predictions(self, name: str) -> dict[str, Prediction]:
        """The outputs of a system by study id; {} where it wrote none."""
        path = self.reports_dir / "predictions" / name / f"{self.split}.parquet"
        return {p.study_id: p for p in read_predictions(path)} if path.is_file() else {}


def mentions(files: ExampleFiles, candidate: str, wanted: int) -> list[Mention]:
    """Chosen without opening a text."""
    scores = files.scores(candidate)
    return [
        Mention(choice.study_id, choice.kinds, _rouge(scores[choice.study_id]))
        for choice in choose(scores, {}, wanted)
    ]


def examples(
    files: ExampleFiles,
    candidate: str,
    systems: Sequence[str],
    styles: Mapping[str, str],
    wanted: int,
) -> list[Example]:
    """Chosen by the candidate's scores, with every system's output; the candidate's comes first."""
    reports = {r.study_id: r for r in read_reports(files.splits_dir / f"{files.split}.parquet")}
    scores = {name: files.scores(name) for name in systems}
    outputs = {name: files.predictions(name) for name in systems}
    words = {study: len(report.impression.split()) for study, report in reports.items()}
    known = {s: row for s, row in scores.get(candidate, {}).items() if s in reports}
    ordered = sorted(systems, key=lambda name: name != candidate)

    def shown(choice: Choice) -> Example:
        study, report = choice.study_id, reports[choice.study_id]
        written = tuple(
            _output(
                name,
                styles[name],
                name == candidate,
                report,
                outputs[name][study],
                scores[name].get(study, {}),
            )
            for name in ordered
            if study in outputs[name]
        )
        return Example(
            study, choice.kinds, report.background, report.findings, report.impression, written
        )

    return [shown(choice) for choice in choose(known, words, wanted)]


def _output(
    name: str, style: str, candidate: bool, report: Report, output: Prediction, scores: Scores
) -> Output:
    notes = ["stopped at the length limit"] * output.truncated
    notes += ["the end of the findings did not fit and was not read"] * output.clipped
    return Output(
        system(name).label,
        style,
        candidate,
        tuple(differences(report.impression, output.prediction)),
        _rouge(scores),
        tuple(_errors(report, output.prediction)),
        tuple(notes),
    )


def _errors(report: Report, prediction: str) -> Iterator[Error]:
    found = assess(report.findings, report.background, report.impression, prediction)
    for kind, column in FLAGS.items():
        about = getattr(found, RATES[column])
        if about:
            named = [each.value if isinstance(each, Observation) else each for each in about]
            yield Error(kind.label, ", ".join(named))


def _rouge(scores: Scores) -> str:
    value = scores.get("rougeL")
    return "–" if value is None else metric("rougeL").write(value)
