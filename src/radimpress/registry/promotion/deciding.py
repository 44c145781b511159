"""Brings a version, its model, its lineage and the test split before the gates."""

from collections.abc import Mapping

from radimpress.cloud.fetched_models import fetched_model
from radimpress.config.cloud import Cloud
from radimpress.config.schema import Config
from radimpress.corpus.report import read_reports
from radimpress.metrics.catalogue import BY_NAME, Better
from radimpress.registry.evidence.evaluation import Evaluation, Model, verified
from radimpress.registry.evidence.leaks import find_leaks
from radimpress.registry.evidence.provenance import Asked, trace
from radimpress.registry.gates.records import Records
from radimpress.registry.gates.table import judge_evidence, judge_records, unmeasured
from radimpress.registry.lineage.walk import sources_of
from radimpress.registry.promotion.decision import Decision
from radimpress.registry.registration.records import Workspace
from radimpress.registry.versions import Version
from radimpress.runtime.digests import file_md5
from radimpress.runtime.errors import next_step
from radimpress.tracking.store import Store


def judge(
    config: Config,
    store: Store,
    candidate: Version,
    champion: Version | None,
    overrides: Mapping[str, str],
) -> Decision:
    """See `radimpress.registry.promotion.decision.decide`."""
    _refuse_metrics(config)
    workspace, promotion = Workspace(), config.promotion
    split = workspace.splits / f"{promotion.split}.parquet"
    asked = len(read_reports(split))
    ours = _model(store, candidate, config.cloud)
    provenance = trace(
        candidate.tags,
        ours.folder,
        sources_of(store, candidate, workspace.root),
        Asked(promotion.split, promotion.lineage.clean_commit),
    )
    leaks = find_leaks(workspace.splits, promotion.split)
    gates = judge_records(Records(provenance.links, leaks, promotion.lineage.clean_commit))
    if provenance.measurable:
        theirs = verified(_model(store, champion, config.cloud)) if champion else None
        gates += judge_evidence(Evaluation(config, workspace).evidence(ours, theirs))
    else:
        gates += unmeasured("the model or its test split is not what was registered")
    return Decision(
        candidate.number,
        champion.number if champion else None,
        promotion.split,
        file_md5(split),
        asked,
        gates,
        dict(overrides),
    )


def _model(store: Store, version: Version, cloud: Cloud) -> Model:
    name = f"version {version.number}"
    return Model(name, fetched_model(store, version.uri, cloud), version.model_sha256)


def _refuse_metrics(config: Config) -> None:
    promotion = config.promotion
    for field, metric in (
        ("score", promotion.score.metric),
        ("clinical", promotion.clinical.metric),
        ("slices", promotion.slices.metric),
        ("baselines", promotion.baselines.metric),
    ):
        found = BY_NAME.get(metric)
        if found is None or found.better is not Better.higher:
            raise next_step(
                f"promotion.{field}.metric is {metric!r}, expected one where higher is better",
                "name one of docs/metrics.md, e.g. rougeL or clinical_f1_micro",
            )
        if field == "slices" and not found.everywhere:
            raise next_step(
                f"promotion.slices.metric is {metric!r}, which is not measured in every slice",
                "name rouge1, rouge2, rougeL or clinical_f1_micro",
            )
