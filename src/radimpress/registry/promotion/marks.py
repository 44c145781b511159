"""What promotion leaves on a model version, for those who look at it in the MLflow UI.

Tags for the registry page, the decision as JSON and Markdown among the artifacts of the run. Only
the ledger decides what is true; these say it where people look.
"""

from collections.abc import Mapping

from radimpress.registry.ledger.entry import Entry, minute
from radimpress.registry.versions import Version, is_absent
from radimpress.tracking.lineage import PREFIX
from radimpress.tracking.store import Store

PROMOTION = f"{PREFIX}promotion"
OVERRIDES = f"{PREFIX}promotion_overrides"
DECISION = f"{PREFIX}promotion_decision"


def mark_champion(store: Store, entry: Entry) -> None:
    """Say on the version that `entry` made champion, and on the one before, what happened."""
    place = f"{minute(entry.time)} UTC (entry {entry.sequence}, {entry.who})"
    if entry.to_version:
        state = {PROMOTION: f"champion since {place}"}
        if entry.decision:
            state |= {DECISION: entry.decision, OVERRIDES: _overrides(entry.overrides)}
        _tag(store, entry.name, entry.to_version, state)
    if entry.from_version and entry.from_version != entry.to_version:
        successor = f"version {entry.to_version}" if entry.to_version else "no champion"
        if entry.action == "promote":
            text = f"replaced by {successor} on {place}"
        else:
            text = f"rolled back to {successor} on {place}: {entry.reason or 'no reason given'}"
        _tag(store, entry.name, entry.from_version, {PROMOTION: text})


def mark_refused(store: Store, version: Version, gates: tuple[str, ...], record: str) -> None:
    """Say on a candidate which gates refused it. `record` is the digest of the decision."""
    text = f"refused: {', '.join(gates)}"
    _tag(store, version.name, version.number, {PROMOTION: text, DECISION: record})


def log_decision(store: Store, version: Version, record: str, as_json: str, page: str) -> None:
    """Keep a decision among the artifacts of the version's run; nothing for one without a run."""
    if not version.run_id:
        return
    for suffix, text in (("json", as_json), ("md", page)):
        store.client.log_text(version.run_id, text, f"promotion/{record[:12]}.{suffix}")


def _overrides(overrides: Mapping[str, str]) -> str:
    return "; ".join(f"{gate}: {reason}" for gate, reason in overrides.items()) or "none"


def _tag(store: Store, name: str, number: str, tags: Mapping[str, str]) -> None:
    """Set tags on a version; one that was deleted meanwhile needs none."""
    from mlflow.exceptions import MlflowException

    try:
        for key, value in tags.items():
            store.client.set_model_version_tag(name, number, key, value)
    except MlflowException as error:
        if not is_absent(error):
            raise
