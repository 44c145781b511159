"""A small evaluated corpus in the layouts that the stages write: no real report, no model."""

import dataclasses
import json
import random
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from radimpress.config.schema import Access, Config
from radimpress.corpus.report import Prediction, Report, write_predictions, write_reports
from radimpress.metrics.clinical import RATES, f1_micro
from radimpress.metrics.clinical import table as table_of
from radimpress.metrics.rouge import rouge

NORMAL = "No acute cardiopulmonary abnormality."
ABNORMAL = [
    ("Small right pleural effusion. Heart size is normal.", "Small right pleural effusion."),
    ("Patchy opacity at the left lung base.", "Left basilar opacity, possibly pneumonia."),
    ("Severe cardiomegaly. Lungs are clear.", "Severe cardiomegaly without edema."),
    ("Nodule of 8 mm in the right upper lobe.", "8 mm right upper lobe nodule."),
]
CLEAR = "The lungs are clear. Heart size is normal. No pneumothorax or effusion."
SYSTEMS = ("constant", "lead", "retrieval", "foundation", "finetuned")
SKILL = {"retrieval": 0.6, "foundation": 0.4, "finetuned": 0.9}
COLUMNS = ("rouge1", "rouge2", "rougeL", "clinical_f1_micro", "clinical_f1_macro", *RATES)


@dataclasses.dataclass(frozen=True)
class Evaluated:
    """Where the files of an evaluated corpus stand, and its configuration."""

    reports_dir: Path
    splits_dir: Path
    config: Config
    out: Path

    def metrics(self) -> dict:
        return json.loads((self.reports_dir / "metrics.json").read_text())

    def comparisons(self) -> dict:
        return json.loads((self.reports_dir / "comparisons.json").read_text())

    def write(self, name: str, content: dict) -> None:
        (self.reports_dir / name).write_text(json.dumps(content))


@pytest.fixture
def evaluated(tmp_path: Path) -> Evaluated:
    """120 test reports and 40 external ones, five systems; `finetuned` is mostly right."""
    found = Evaluated(tmp_path / "reports", tmp_path / "splits", _config(), tmp_path / "out.html")
    metrics: dict = {"systems": {}}
    comparisons: dict = {"candidate": "finetuned", "splits": {}}
    for split, count in (("test", 120), ("test_elsewhere", 40)):
        reports = _reports(count, split)
        write_reports(found.splits_dir / f"{split}.parquet", reports)
        tables = {name: _write_system(found, name, split, reports) for name in SYSTEMS}
        for name, table in tables.items():
            metrics["systems"].setdefault(name, {})[split] = _slices(reports, table)
        comparisons["splits"][split] = {
            name: {column: _test(tables["finetuned"][column], table[column]) for column in COLUMNS}
            for name, table in tables.items()
            if name != "finetuned"
        }
    found.write("metrics.json", metrics)
    found.write("comparisons.json", comparisons)
    _write_training(found.reports_dir / "training")
    return found


def _config() -> Config:
    config = Config(conf_digest="0" * 64)
    config.data.name, config.data.access = "toy", Access.public
    config.model.name = "t5_tiny"
    config.evaluation.examples = 12
    return config


def _reports(count: int, split: str) -> list[Report]:
    pick = random.Random(split)
    reports = []
    for i in range(count):
        findings, impression = (CLEAR, NORMAL) if i % 2 else pick.choice(ABNORMAL)
        reports.append(
            Report(f"s{i:05d}", f"p{i // 2}", split, "Cough and fever.", findings, impression)
        )
    return reports


def _write(name: str, report: Report, pick: random.Random) -> str:
    if name == "constant":
        return NORMAL
    if name == "lead":
        return report.findings.split(". ")[0].rstrip(".") + "."
    right = pick.random() < SKILL[name]
    return report.impression if right else pick.choice(ABNORMAL)[1]


def _write_system(found: Evaluated, name: str, split: str, reports: list[Report]) -> dict:
    pick = random.Random(name)
    outputs = [_write(name, report, pick) for report in reports]
    references = [report.impression for report in reports]
    write_predictions(
        found.reports_dir / "predictions" / name / f"{split}.parquet",
        [
            Prediction(r.study_id, text, truncated=i == 0)
            for i, (r, text) in enumerate(zip(reports, outputs, strict=True))
        ],
    )
    clinical = table_of(
        [r.findings for r in reports], [r.background for r in reports], references, outputs
    )
    f1 = np.array([f1_micro(counts) for counts in clinical.counts])
    table = {
        **{k: v for k, v in rouge(references, outputs, stem=False).items() if k in COLUMNS},
        "clinical_f1_micro": np.nan_to_num(f1, nan=1.0),
        "clinical_f1_macro": np.nan_to_num(f1, nan=1.0),
        **clinical.rates,
    }
    path = found.reports_dir / "scores" / name / f"{split}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({"study_id": [r.study_id for r in reports], **table}), path)
    return table


def _slices(reports: list[Report], table: dict) -> dict:
    normal = np.array([report.impression == NORMAL for report in reports])
    words = np.array([len(report.findings.split()) for report in reports])
    masks = {
        "all": np.ones(len(reports), dtype=bool),
        "normal": normal,
        "abnormal": ~normal,
        "length_1_to_7": words <= 7,
        "length_over_7": words > 7,
    }
    for word, findings in (("pleural_effusion", "effusion"), ("lung_opacity", "opacity")):
        masks[f"observation_{word}"] = np.array([findings in r.findings for r in reports])
    return {
        piece: {column: _estimate(values[mask]) for column, values in table.items()}
        for piece, mask in masks.items()
        if mask.any()
    }


def _estimate(values: np.ndarray) -> dict:
    value, spread = float(values.mean()), float(1.96 * values.std() / max(len(values), 1) ** 0.5)
    return {
        "value": value,
        "low": max(0.0, value - spread),
        "high": min(1.0, value + spread),
        "n": len(values),
    }


def _test(left: np.ndarray, right: np.ndarray) -> dict:
    gap = left - right
    mean, spread = float(gap.mean()), float(1.96 * gap.std() / len(gap) ** 0.5)
    return {
        "difference": mean,
        "low": mean - spread,
        "high": mean + spread,
        "p": 0.0005 if abs(mean) > spread else 0.4,
        "wins": int((gap > 0).sum()),
        "ties": int((gap == 0).sum()),
        "losses": int((gap < 0).sum()),
        "n": len(gap),
    }


def _write_training(folder: Path) -> None:
    folder.mkdir(parents=True)
    lines = ["step,epoch,train_loss,validation_loss,learning_rate"]
    for step in range(20, 401, 20):
        validation = f"{0.3 + 3 / (step + 40) * 20:.4f}" if step % 50 == 0 else ""
        lines.append(f"{step},{step / 50},{0.2 + 60 / (step + 20):.4f},{validation},0.001")
    (folder / "history.csv").write_text("\n".join(lines) + "\n")
    summary = {
        "steps": 400,
        "epochs": 8.0,
        "best_step": 400,
        "best_validation_loss": 0.4364,
        "stopped_early": False,
        "seconds": 98765.4,
        "parameters": 1_050_000,
        "trainable_parameters": 1_050_000,
        "precision": "fp32",
        "device": "cpu",
        "processes": 1,
    }
    (folder / "summary.json").write_text(json.dumps(summary))
