"""The `register` stage: runs to compare, and the fine-tuned model as challenger."""

import json
from dataclasses import dataclass
from pathlib import Path

from radimpress.config.fingerprint import fingerprint
from radimpress.config.schema import Config
from radimpress.corpus.report import read_reports
from radimpress.modeling.reference import model_sha256, read_reference
from radimpress.registry.registration.card import model_card
from radimpress.registry.registration.challenger import register_challenger
from radimpress.registry.registration.model_page import describe
from radimpress.registry.registration.records import (
    Workspace,
    read_metrics,
    read_tests,
    run_records,
)
from radimpress.runtime.atomic import write_text
from radimpress.tracking.lineage import PREFIX, read_lineage
from radimpress.tracking.names import ACCESS, EXPERIMENT_NOTE, KEY
from radimpress.tracking.runs import ensure_run
from radimpress.tracking.shared_view import shared_view
from radimpress.tracking.store import open_store, redacted


@dataclass(frozen=True)
class Registered:
    """What was registered, and where to look at it."""

    name: str
    version: str
    experiment: str
    runs: dict[str, str]  # system -> run id


def register(config: Config, receipt: Path, workspace: Workspace | None = None) -> Registered:
    """Record every system as a run, register the candidate, write the receipt.

    Idempotent by content: a second call finds the runs and the version and only sets the alias.
    """
    workspace = workspace or Workspace()
    lineage = read_lineage(config, workspace.root)
    metrics = read_metrics(workspace)[config.evaluation.candidate]
    store = open_store(config.tracking)
    experiment = store.experiment(config.tracking.experiment, EXPERIMENT_NOTE, shared_view())
    records = list(run_records(config, lineage, workspace))
    runs = {record.system: ensure_run(store, experiment, record) for record in records}

    sha256, reference = model_sha256(workspace.finetuned), read_reference(workspace.finetuned)
    splits = {
        name: len(read_reports(workspace.splits / f"{name}.parquet")) for name in lineage.splits
    }
    tests = read_tests(workspace)
    card = model_card(config, lineage, metrics, splits, sha256, tests, reference)
    candidate = next(r for r in records if r.system == config.evaluation.candidate)
    run = runs[candidate.system]
    store.client.log_text(run, card, "model_card.md")
    version = register_challenger(
        store,
        config.tracking.registered_model,
        workspace.finetuned,
        fingerprint(sha256, candidate.key),
        experiment,
        run,
        config.tracking.model,
        card,
        {
            **lineage.tags(),
            ACCESS: config.data.access.value,
            f"{PREFIX}model_sha256": sha256,
            KEY: candidate.key,
        },
    )
    describe(store, config.tracking.registered_model)
    written = {
        "registered_model": config.tracking.registered_model,
        "version": version,
        "alias": "challenger",
        "model_sha256": sha256,
        "key": candidate.key,
        "store": redacted(store.uri) if not store.is_local else "mlruns/mlflow.db",
        "experiment_id": experiment,
        "runs": runs,
    }
    write_text(receipt, json.dumps(written, indent=2, sort_keys=True) + "\n")
    return Registered(config.tracking.registered_model, version, experiment, runs)
