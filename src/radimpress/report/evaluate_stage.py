"""Stage `evaluate`: predictions and splits to scores, paired tests, plots and the page."""

from collections.abc import Mapping
from pathlib import Path

from radimpress.config.schema import Config
from radimpress.corpus.report import Prediction, Report, read_predictions, read_reports
from radimpress.metrics.comparison import compare
from radimpress.metrics.score import ScoredPair, Scores, Settings, score
from radimpress.metrics.significance import Resampling
from radimpress.report.metrics_file import (
    SplitTests,
    write_comparisons,
    write_headline,
    write_metrics,
)
from radimpress.report.page import write_report
from radimpress.report.plots import write_plots
from radimpress.report.results import Results, read_results
from radimpress.report.score_table import write_scores
from radimpress.runtime.atomic import whole_folder
from radimpress.runtime.errors import next_step
from radimpress.runtime.progress import Meter


def evaluate(config: Config, splits: Path, reports: Path) -> Results:
    """Score every system of the comparison on every `test*.parquet` of `splits`.

    Reads `<reports>/predictions`; writes metrics.json, headline.json, comparisons.json, scores/,
    plots/ and report.html there, the same bytes for the same input. Raises RadimpressError where
    there is no test split, where predictions are missing, or where they are for other reports.
    """
    settings, candidate = settings_of(config), config.evaluation.candidate
    scores = _score_all(config.generation.compared, splits, reports / "predictions", settings)
    tests = _tests(scores, candidate, settings.resampling)
    limit = config.evaluation.min_slice
    small = {split: found.small(limit) for split, found in scores[candidate].items()}
    _write_scores(reports / "scores", scores)
    write_metrics(reports / "metrics.json", scores)
    write_headline(reports / "headline.json", scores[candidate])
    write_comparisons(reports / "comparisons.json", candidate, tests, small, settings.resampling)
    write_plots(reports / "plots", scores, candidate)
    write_report(reports, splits, config, reports / "report.html")
    return read_results(reports)


def settings_of(config: Config) -> Settings:
    """What the configuration says of resampling and slices."""
    wanted = config.evaluation
    resampling = Resampling(wanted.bootstrap_samples, wanted.confidence, config.seed)
    return Settings(resampling, tuple(wanted.length_bins))


def _score_all(
    systems: list[str], splits: Path, predictions: Path, settings: Settings
) -> dict[str, dict[str, Scores]]:
    tests = {path.stem: _reports(path) for path in sorted(splits.glob("test*.parquet"))}
    if not tests:
        raise next_step(f"{splits} holds no test*.parquet", "run `dvc repro split`")
    scores: dict[str, dict[str, Scores]] = {}
    with Meter("scoring", total=len(systems) * len(tests)) as meter:
        for system in systems:
            scores[system] = {}
            for split, wanted in tests.items():
                pairs = _pairs(wanted, predictions / system / f"{split}.parquet")
                scores[system][split] = score(pairs, settings)
                meter.advance(note=f"{system} on {split}")
    return scores


def _reports(path: Path) -> list[Report]:
    reports = read_reports(path)
    if not reports:
        raise next_step(f"{path} holds no report", "raise data.split.test, or give more reports")
    return reports


def _pairs(reports: list[Report], path: Path) -> list[ScoredPair]:
    """Reports joined with their predictions, which must be for these reports in this order."""
    if not path.is_file():
        raise next_step(f"{path} is missing", "run `dvc repro generate`")
    predictions = read_predictions(path)
    if [p.study_id for p in predictions] != [r.study_id for r in reports]:
        raise next_step(
            f"{path} was made for other reports than its split holds now ({len(predictions)}"
            f" predictions, {len(reports)} reports; {_example(reports, predictions)})",
            "run `dvc repro generate`",
        )
    return [_pair(report, written) for report, written in zip(reports, predictions, strict=True)]


def _example(reports: list[Report], predictions: list[Prediction]) -> str:
    wanted, given = {r.study_id for r in reports}, {p.study_id for p in predictions}
    if missing := sorted(wanted - given):
        return f"none for study {missing[0]}"
    if extra := sorted(given - wanted):
        return f"study {extra[0]} is not in the split"
    return "the same studies in another order"


def _pair(report: Report, written: Prediction) -> ScoredPair:
    return ScoredPair(
        study_id=report.study_id,
        findings=report.findings,
        reference=report.impression,
        prediction=written.prediction,
        background=report.background,
        source=report.source,
        truncated=written.truncated,
    )


def _tests(
    scores: Mapping[str, Mapping[str, Scores]], candidate: str, resampling: Resampling
) -> SplitTests:
    return {
        split: {
            system: compare(own.columns, splits[split].columns, resampling)
            for system, splits in scores.items()
            if system != candidate
        }
        for split, own in scores[candidate].items()
    }


def _write_scores(folder: Path, scores: Mapping[str, Mapping[str, Scores]]) -> None:
    with whole_folder(folder) as temporary:
        for system, splits in scores.items():
            for split, found in splits.items():
                write_scores(temporary / system / f"{split}.parquet", found)
