"""What is known of a model beside its bytes: scores, corpus, card, examples."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from radimpress.config.schema import Access
from radimpress.metrics.labels.labeller import label
from radimpress.serving.served_model import Example, Facts, Score
from radimpress.tracking.lineage import PREFIX
from radimpress.tracking.names import ACCESS

if TYPE_CHECKING:
    from mlflow.entities import Run
    from mlflow.entities.model_registry import ModelVersion

    from radimpress.tracking.store import Store

SPLIT = "test"
MAX_EXAMPLES = 6
INTENDED_USE = (
    "A draft of the impression of a chest radiograph report, for a radiologist who reads every "
    "word. Not a medical device."
)


def registered_facts(store: "Store", version: "ModelVersion") -> Facts:
    """The facts of a registered version, from its run. What the store does not hold stays empty."""
    from mlflow.exceptions import MlflowException

    if not version.run_id:
        return Facts(card=version.description or None)
    try:
        run = store.client.get_run(version.run_id)
        files = {item.path for item in store.client.list_artifacts(version.run_id)}
        table = f"examples_{SPLIT}.json"
        access = run.data.tags.get(ACCESS, Access.private.value)
        public = access == Access.public.value
        examples = _examples(store, run, table) if public and table in files else ()
        reports = _reports(store, run) if "scores" in files else None
    except (MlflowException, OSError, ValueError, KeyError):
        return Facts(card=version.description or None)
    return Facts(
        scores=scores(run.data.metrics, reports),
        trained_on=run.data.params.get("corpus"),
        access=access,
        card=version.description or None,
        examples=examples,
    )


def packaged_facts(lineage: Mapping[str, str]) -> Facts:
    """The facts of a model folder, from the lineage it was packed with (empty: none)."""
    return Facts(
        trained_on=lineage.get(f"{PREFIX}corpus"),
        access=lineage.get(ACCESS, Access.private.value),
    )


def scores(metrics: Mapping[str, float], reports: int | None) -> dict[str, Score]:
    """The scores on the test split among a run's metrics, by name."""
    found: dict[str, Score] = {}
    for name, value in sorted(metrics.items()):
        split, _, metric = name.partition("/")
        if split == SPLIT:
            low, high = (
                metrics.get(f"{SPLIT}_interval/{metric}_{bound}") for bound in ("low", "high")
            )
            found[metric] = Score(value, low, high, reports)
    return found


def titled(findings: list[str]) -> tuple[Example, ...]:
    """A few findings that differ in what they show, titled by it, in their order."""
    found: dict[str, Example] = {}
    for text in findings:
        title = _title(text)
        if title not in found:
            found[title] = Example(title, text)
        if len(found) == MAX_EXAMPLES:
            break
    return tuple(found.values())


def _title(findings: str) -> str:
    shown = [each.value for each, said in label(findings).items() if said.asserted]
    return " and ".join(shown[:2]) if shown else "Other"


def _examples(store: "Store", run: "Run", table: str) -> tuple[Example, ...]:
    with _artifact(store, run, table) as path:
        plain: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    column = plain["columns"].index("findings")
    return titled([str(row[column]) for row in plain["data"]])


@contextmanager
def _artifact(store: "Store", run: "Run", name: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(store.client.download_artifacts(run.info.run_id, name, folder))


def _reports(store: "Store", run: "Run") -> int | None:
    """How many reports the scores are of."""
    import pyarrow.parquet as pq

    with _artifact(store, run, f"scores/{SPLIT}.parquet") as path:
        return int(pq.read_metadata(path).num_rows)
