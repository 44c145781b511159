"""A small finished pipeline on disk, without a model that could be loaded."""

import json
import subprocess
from dataclasses import replace
from types import SimpleNamespace

import pytest

from radimpress.config.promotion import Promotion
from radimpress.corpus.report import Prediction, Report, write_predictions, write_reports
from radimpress.metrics.score import ScoredPair, Settings, score
from radimpress.metrics.significance import Resampling
from radimpress.registry.evidence.evidence import Evidence
from radimpress.registry.evidence.latency import Latency
from radimpress.registry.registration.records import Workspace


def report(number):
    return Report(str(number), f"p{number}", "synthetic", "", f"findings {number}", "impression")


@pytest.fixture
def workspace(tmp_path):
    workspace = Workspace(tmp_path)
    for split, numbers in {
        "train": range(5),
        "validation": range(5, 7),
        "test": range(7, 10),
    }.items():
        write_reports(workspace.splits / f"{split}.parquet", map(report, numbers))
    systems = {}
    for system in ("constant", "finetuned"):
        path = workspace.reports / "predictions" / system / "test.parquet"
        write_predictions(path, [Prediction(str(n), f"{system} wrote this") for n in range(7, 10)])
        result = {"value": 0.5, "low": 0.4, "high": 0.6, "n": 3}
        systems[system] = {"test": {"all": {"rougeL": result}}}
    (workspace.reports / "metrics.json").write_text(json.dumps({"systems": systems}))
    (workspace.reports / "report.html").write_text("<html></html>")
    training = workspace.reports / "training"
    training.mkdir()
    (training / "history.csv").write_text(
        "step,epoch,train_loss,validation_loss,learning_rate\n1,0.5,2.0,,0.001\n2,1.0,1.5,1.6,0.0005\n"
    )
    workspace.finetuned.mkdir(parents=True)
    (workspace.finetuned / "model.safetensors").write_bytes(b"weights")
    return workspace


@pytest.fixture
def versions(store, config, experiment):
    """Three registered versions with a run, none of them loadable; 3 is the challenger."""
    name = config.tracking.registered_model
    run = store.client.create_run(experiment).info
    store.client.create_registered_model(name)
    for digit in "abc":
        store.client.create_model_version(
            name,
            f"{run.artifact_uri}/model",
            run_id=run.run_id,
            tags={"radimpress.note": digit},
            await_creation_for=0,
        )
    store.client.set_registered_model_alias(name, "challenger", "3")
    return name


@pytest.fixture
def ledger(store, versions):
    """The empty ledger of the three versions."""
    from radimpress.registry.ledger.ledger import Ledger

    return Ledger(store, versions)


@pytest.fixture
def target():
    """A target that serves what it is told, unless its `refuses` names the version."""
    from radimpress.runtime.errors import next_step

    class Window:
        name = "window"

        def __init__(self):
            self.now, self.refuses, self.asked = None, set(), []

        def serve(self, version):
            self.asked.append(version.number)
            if version.number in self.refuses:
                raise next_step(f"window: version {version.number} is broken", "mend it")
            self.now = version.number
            return f"window answers with version {version.number}"

        def served(self):
            return self.now

    return Window()


CHEST = (
    ("The lungs are clear. No pleural effusion.", "No acute disease."),
    ("There is a left pleural effusion. No pneumothorax.", "Left pleural effusion."),
    ("There is pulmonary edema. The heart is large.", "Pulmonary edema and cardiomegaly."),
)


@pytest.fixture
def clinic(tmp_path, monkeypatch):
    """A committed work tree with 30 test reports and one model folder; we stand in it."""
    workspace = Workspace(tmp_path / "clinic")
    for split, numbers in {
        "train": range(100, 130),
        "validation": range(200, 206),
        "test": range(30),
    }.items():
        rows = [_chest_report(split, number) for number in numbers]
        write_reports(workspace.splits / f"{split}.parquet", rows)
    workspace.finetuned.mkdir(parents=True)
    (workspace.finetuned / "model.safetensors").write_bytes(b"weights")
    (workspace.root / "dvc.lock").write_text("schema: '2.0'\nstages: {}\n")
    monkeypatch.chdir(workspace.root)
    for command in (
        ["init", "-q"],
        ["config", "user.email", "a@b.invalid"],
        ["config", "user.name", "a"],
        ["add", "dvc.lock"],
        ["commit", "-qm", "one"],
    ):
        subprocess.run(["git", *command], check=True)
    return workspace


def _chest_report(split, number):
    findings, impression = CHEST[number % 3]
    apart = f" Study {split} {number}."  # else every pair would stand on both sides
    return Report(str(number), f"{split}{number}", "synthetic", "", findings + apart, impression)


@pytest.fixture
def writers(monkeypatch):
    """Models as functions of the findings, by the name of the version; counts what is generated."""
    from radimpress.modeling.recipe import Decoding
    from radimpress.runtime.errors import next_step

    right = dict(CHEST)
    known = {}

    class Writer:
        loaded, generated = [], []

        def __init__(self, name):
            self.name, self.recipe = name, SimpleNamespace(decoding=Decoding(64))

        @classmethod
        def from_folder(cls, folder, *_, name, **__):
            cls.loaded.append(name)
            return cls(name)

        def write(self, findings):
            told = next((text for found, text in right.items() if findings.startswith(found)), "")
            return known.get(self.name, lambda _, told: told)(findings, told)

        def generate(self, reports):
            if len(reports) > 1:
                self.generated.append(self.name)
            return [Prediction(r.study_id, self.write(r.findings)) for r in reports]

        def summarize(self, findings):
            if not findings[0].strip():
                raise next_step("the findings are empty", "give some")
            return [Prediction("0", self.write(findings[0]))]

    monkeypatch.setattr("radimpress.registry.evidence.evaluation.Summarizer", Writer)
    return SimpleNamespace(known=known, loaded=Writer.loaded, generated=Writer.generated)


DVC_YAML = """\
stages:
  clean:
    cmd: "true"
    deps: [data/raw/reports.txt, src/radimpress, pipelines/clean.py, conf]
    outs: [data/clean]
  split:
    cmd: "true"
    deps: [data/clean]
    outs: [data/splits]
  foundation:
    cmd: "true"
    outs: [models/foundation]
  train:
    cmd: "true"
    deps: [data/splits, models/foundation]
    outs: [models/finetuned]
  generate:
    cmd: "true"
    deps: [models/finetuned]
    outs:
      - reports/predictions
      - reports/timing.json:
          cache: false
"""
COMMITTED = {
    "dvc.yaml": DVC_YAML,
    ".gitignore": "/data/clean\n/data/splits\n/models\n/reports\n/registered.json\n",
    "src/radimpress/code.py": "code = 1\n",
    "pipelines/clean.py": "pass\n",
    "conf/config.yaml": "seed: 17\n",
    "data/raw/reports.txt": "raw reports\n",
}


@pytest.fixture
def repository(workspace, config, monkeypatch):
    """The workspace as a git and DVC repository whose dvc.lock names all of it; the folder."""
    from dvc.repo import Repo
    from omegaconf import OmegaConf

    root = workspace.root
    params = OmegaConf.to_yaml(OmegaConf.structured(config))
    for name, text in {**COMMITTED, "params.yaml": params}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    for name in ("data/clean/reports.parquet", "models/foundation/w.bin", "reports/timing.json"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    monkeypatch.chdir(root)
    git = ["git", "-c", "user.email=a@b.invalid", "-c", "user.name=a"]
    subprocess.run([*git, "init", "-q"], check=True)
    with Repo.init(str(root)) as repo:
        subprocess.run([*git, "add", "-A"], check=True)
        subprocess.run([*git, "commit", "-qm", "one"], check=True)
        repo.commit(force=True)
    return root


@pytest.fixture
def registered(repository, workspace, config):
    """That repository registered: `radimpress lineage` and `--restore` have all they want."""
    from radimpress.registry.registration.register_stage import register

    return register(config, repository / "registered.json", workspace)


# Evidence made of plain texts: sixty reports, and what a system wrote for each.
REPORTS = 60
KINDS = (
    ("The lungs are clear. No pleural effusion.", "No acute disease."),
    ("There is a left pleural effusion. No pneumothorax.", "Left pleural effusion."),
    ("There is pulmonary edema. The heart is large.", "Pulmonary edema and cardiomegaly."),
)
RESAMPLING = Resampling(1000)


def reference(number):
    return KINDS[number % 3][1]


def scores(predictions):
    pairs = [
        ScoredPair(str(n), KINDS[n % 3][0], reference(n), predictions[n]) for n in range(REPORTS)
    ]
    return score(pairs, Settings(Resampling(100)))


@pytest.fixture
def references():
    """What a perfect system writes."""
    return [reference(number) for number in range(REPORTS)]


@pytest.fixture
def evidence(references):
    """Make evidence from lists of impressions; the candidate is perfect unless told otherwise."""

    def make(candidate=None, champion=None, baselines=None, promotion=None, **fields):
        made = Evidence(
            promotion or Promotion(min_reports=REPORTS),
            RESAMPLING,
            scores(references if candidate is None else candidate),
            None if champion is None else scores(champion),
            {name: scores(texts) for name, texts in (baselines or {}).items()},
            (),
            Latency(1, 0.1),
        )
        return replace(made, **fields)

    return make


@pytest.fixture
def spoilt(references):
    """The references with another text for the first `count` reports of one kind (of three)."""

    def spoil(kind, count, text):
        chosen = [n for n in range(REPORTS) if n % 3 == kind][:count]
        return [text if n in chosen else references[n] for n in range(REPORTS)]

    return spoil
