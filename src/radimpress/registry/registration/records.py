"""Turns what the pipeline wrote into run records: one a system."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from radimpress.config.fingerprint import fingerprint
from radimpress.config.privacy import may_log_text
from radimpress.config.schema import Config
from radimpress.corpus.report import read_predictions, read_reports
from radimpress.registry.registration.run_tables import difference_table, note, score_table
from radimpress.report.results import read_json
from radimpress.runtime.digests import file_md5
from radimpress.runtime.errors import next_step
from radimpress.tracking.dvc_lock import read_before_register
from radimpress.tracking.lineage import KEPT_LOCK, KEPT_PARAMS, Lineage
from radimpress.tracking.names import (
    ACCESS,
    PREDICTIONS,
    flat_metrics,
    parameters,
    run_name,
    training_key,
)
from radimpress.tracking.runs import Point, RunRecord

TABLE_ROWS = 50


@dataclass(frozen=True)
class Workspace:
    """Where the stages wrote, relative to the folder a stage runs in."""

    root: Path = Path()

    @property
    def splits(self) -> Path:
        """data/splits"""
        return self.root / "data" / "splits"

    @property
    def reports(self) -> Path:
        """Reports"""
        return self.root / "reports"

    @property
    def finetuned(self) -> Path:
        """models/finetuned"""
        return self.root / "models" / "finetuned"


def read_metrics(workspace: Workspace) -> dict[str, Any]:
    """The `systems` of reports/metrics.json. Raises RadimpressError where there are none."""
    path = workspace.reports / "metrics.json"
    if not path.is_file():
        raise next_step(f"{path} is missing", "run `dvc repro evaluate`")
    systems: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["systems"]
    return systems


def read_tests(workspace: Workspace) -> dict[str, Any]:
    """The `splits` of reports/comparisons.json; {} where there are none."""
    tests: dict[str, Any] = read_json(workspace.reports / "comparisons.json").get("splits", {})
    return tests


def run_records(config: Config, lineage: Lineage, workspace: Workspace) -> Iterator[RunRecord]:
    """One record a system of metrics.json, its key made of what was predicted and measured."""
    tests = read_tests(workspace)
    for system, splits in read_metrics(workspace).items():
        trained = system == config.evaluation.candidate
        train_key = training_key(config, lineage.splits, lineage.foundation_sha256)
        predictions = {
            split: file_md5(workspace.reports / "predictions" / system / f"{split}.parquet")
            for split in splits
        }
        params = parameters(config, system)
        key = fingerprint(params, predictions, splits, train_key if trained else "")
        yield RunRecord(
            system=system,
            name=run_name(system, config, key),
            key=key,
            params=params,
            metrics=flat_metrics(splits),
            tags={
                **lineage.tags(),
                ACCESS: config.data.access.value,
                **{PREDICTIONS.format(split=split): md5 for split, md5 in predictions.items()},
            },
            note=note(config, system, splits, tests if trained else {}),
            datasets=lineage.splits,
            curves=tuple(curve_points(workspace)) if trained else (),
            artifacts=tuple(_artifacts(system, trained, splits, workspace)),
            texts=recorded_texts(workspace),
            tables={
                "scores.json": score_table(splits),
                **({"differences.json": difference_table(tests)} if trained and tests else {}),
                **_examples(config, system, splits, workspace),
            },
            training_key=train_key if trained else "",
        )


def recorded_texts(workspace: Workspace) -> dict[str, str]:
    """What a run keeps of dvc.lock and params.yaml: hashes and settings, no report text.

    dvc.lock is seldom committed before the model is registered, and `dvc exp run -S` edits
    params.yaml; kept here, both can be restored whatever git holds.
    """
    params = workspace.root / "params.yaml"
    texts = {
        KEPT_LOCK: read_before_register(workspace.root / "dvc.lock"),
        KEPT_PARAMS: params.read_text(encoding="utf-8") if params.is_file() else "",
    }
    return {name: text for name, text in texts.items() if text}


def curve_points(workspace: Workspace) -> Iterator[Point]:
    """The training curves of reports/training/history.csv under their live names."""
    path = workspace.reports / "training" / "history.csv"
    if not path.is_file():
        return
    names = {
        "train_loss": "train/loss",
        "validation_loss": "val/loss",
        "learning_rate": "train/learning_rate",
    }
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            for column, metric in names.items():
                if row.get(column):
                    yield Point(metric, float(row[column]), int(row["step"]))


def _artifacts(
    system: str, trained: bool, splits: Mapping[str, Any], workspace: Workspace
) -> Iterator[tuple[Path, str]]:
    """Per-report scores (study ids, no text), and of the candidate the report page and plots."""
    for split in splits:
        path = workspace.reports / "scores" / system / f"{split}.parquet"
        if path.is_file():
            yield path, "scores"
    if trained:
        named = [workspace.reports / name for name in ("report.html", "comparisons.json")]
        plots = sorted((workspace.reports / "plots").glob("*"))
        training = sorted((workspace.reports / "training").glob("*"))
        yield from ((path, "") for path in named if path.is_file())
        yield from ((path, "plots") for path in plots if path.is_file())
        yield from ((path, "training") for path in training if path.is_file())


def _examples(
    config: Config, system: str, splits: Mapping[str, Any], workspace: Workspace
) -> dict[str, dict[str, list[Any]]]:
    """A side-by-side table of examples, the same reports for every system; public corpora only."""
    if not may_log_text(config):
        return {}
    tables = {}
    for split in splits:
        reports = read_reports(workspace.splits / f"{split}.parquet")[:TABLE_ROWS]
        path = workspace.reports / "predictions" / system / f"{split}.parquet"
        written = {p.study_id: p.prediction for p in read_predictions(path)}
        tables[f"examples_{split}.json"] = {
            "study_id": [r.study_id for r in reports],
            "findings": [r.findings for r in reports],
            "reference": [r.impression for r in reports],
            "impression": [written[r.study_id] for r in reports],
        }
    return tables
