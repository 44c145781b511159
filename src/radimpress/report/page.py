"""reports/report.html: the whole evaluation on one page that asks nothing of the network."""

import base64
import hashlib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from radimpress.config.fingerprint import result_fingerprint
from radimpress.config.privacy import text_is_public
from radimpress.config.schema import Config, Overlap
from radimpress.report.example_view import ExampleFiles
from radimpress.report.number_table import ARROW_WORDS
from radimpress.report.results import read_json, read_results
from radimpress.report.split_view import SplitView, split_view, styles_for
from radimpress.report.training_curve import CurveChart, History, curve_chart, read_history
from radimpress.report.vocabulary import METRICS, Metric, SystemName, system
from radimpress.runtime.atomic import write_text
from radimpress.runtime.errors import next_step

# The wall-clock facts of training (seconds, tokens per second, memory) differ between equal runs;
# they stand in MLflow, and this page keeps the same bytes for the same commit, data and seed.
TRAINING_FACTS = (
    ("parameters", "Parameters"),
    ("trainable_parameters", "Trained parameters"),
    ("steps", "Steps"),
    ("epochs", "Epochs"),
    ("best_step", "Best step"),
    ("best_validation_loss", "Best validation loss"),
    ("stopped_early", "Stopped early"),
    ("precision", "Precision"),
    ("device", "Device"),
    ("processes", "Processes"),
)


@dataclass(frozen=True, slots=True)
class PageView:
    """Everything the template needs."""

    corpus: str
    access: str
    public: bool
    synthetic: bool
    model: str
    candidate: str
    seed: int
    sizes: str
    fingerprint: str
    confidence: str
    min_slice: int
    warnings: tuple[str, ...]
    splits: tuple[SplitView, ...]
    systems: tuple[SystemName, ...]
    metrics: tuple[Metric, ...]
    curve: CurveChart | None
    history: History | None
    training: tuple[tuple[str, str], ...]


def write_report(reports_dir: Path, splits_dir: Path, config: Config, out: Path) -> None:
    """Write `out` from what the stages left in `reports_dir` and `splits_dir`.

    One self-contained file, the same bytes for the same input. Report text stands in it only where
    config.data.access is public. Raises RadimpressError where metrics.json is missing or unusable.
    """
    write_text(out, render(page_view(reports_dir, splits_dir, config)))


def page_view(reports_dir: Path, splits_dir: Path, config: Config) -> PageView:
    """Read and arrange; see `write_report`."""
    results = read_results(reports_dir)
    if not results.splits:
        raise next_step(f"{reports_dir}/metrics.json names no split", "run `dvc repro evaluate`")
    styles = styles_for(results, config.evaluation.candidate)
    training = read_json(reports_dir / "training" / "summary.json")
    summary = read_json(splits_dir / "summary.json")
    history = read_history(reports_dir / "training" / "history.csv")
    return PageView(
        corpus=config.data.name,
        access=config.data.access.value,
        public=text_is_public(config),
        synthetic=config.data.name == "synthetic",
        model=config.model.name,
        candidate=system(config.evaluation.candidate).label,
        seed=config.seed,
        sizes=_sizes(summary),
        fingerprint=result_fingerprint(config),
        confidence=f"{config.evaluation.confidence:.0%}",
        min_slice=config.evaluation.min_slice,
        warnings=tuple(_warnings(config, summary)),
        splits=tuple(
            split_view(results, split, config, styles, ExampleFiles(reports_dir, splits_dir, split))
            for split in results.splits
        ),
        systems=tuple(system(name) for name in results.scores),
        metrics=tuple(METRICS.values()),
        curve=curve_chart(history, training.get("best_step")) if history else None,
        history=history,
        training=tuple(_facts(training)),
    )


def render(page: PageView) -> str:
    """The HTML. Only our own style and script run: the policy names them by their hash."""
    environment = Environment(
        loader=PackageLoader("radimpress.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    style, script = (_own(name) for name in ("report.css", "report.js"))
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'none';"
        f" style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    )
    return environment.get_template("report.html.j2").render(
        page=page, style=style, script=script, policy=policy, arrow_words=ARROW_WORDS
    )


def _own(name: str) -> str:
    return (files("radimpress.report") / "templates" / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _warnings(config: Config, summary: dict[str, Any]) -> list[str]:
    """What a reader must know before any score: training text that was left in a test set."""
    if config.data.split.overlap is not Overlap.allow:
        return []
    counted = summary.get("leakage", {}).get("warnings")
    if counted is None:
        return ["Training text may stand in a test set: data.split.overlap=allow."]
    return [f"Leakage: {warning}." for warning in counted]


def _sizes(summary: dict[str, Any]) -> str:
    """`2,800 train, 350 validation, 360 test`; "" where the split stage left no summary."""
    sizes = {name: side["reports"] for name, side in summary.get("splits", {}).items()}
    return ", ".join(f"{size:,} {name}" for name, size in sizes.items())


def _facts(training: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (label, _write(training[key]))
        for key, label in TRAINING_FACTS
        if training.get(key) is not None
    ]


def _write(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case float():
            return f"{value:,.0f}" if value.is_integer() else f"{value:.3f}"
        case _:
            return str(value)
