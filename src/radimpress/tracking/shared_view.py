"""The view of the runs page that `radimpress ui` opens: the columns and charts that matter, first.

MLflow keeps a shared view as JSON in a tag of the experiment and takes it from there when the
address names its key. By itself the runs table shows no metric, and charts stand in the order of
the alphabet. Layout as MLflow 3.17 writes it; a version that knows another one ignores the view.
"""

import json
from typing import Any

KEY = "radimpress"
TAG = f"mlflow.sharedViewState.{KEY}"
SPLIT = "test"
CHARTS = (
    "rougeL",
    "clinical_f1_micro",
    "hallucination_rate",
    "contradiction_rate",
    "side_flip_rate",
    "omission_rate",
)
COLUMNS = (  # from left to right, behind the run's name
    "tags.`alias`",
    *(f"metrics.`{SPLIT}/{name}`" for name in CHARTS),
    "attributes.`Models`",
    "attributes.`Dataset`",
    "params.`max_steps`",
    "params.`learning_rate`",
)
SECTION = "radimpress-headline"
TITLE = "ROUGE-L, clinical F1: higher; errors: lower"


def shared_view() -> str:
    """The content of the tag."""
    view: dict[str, Any] = {
        "selectedColumns": list(COLUMNS),
        "columnOrder": list(COLUMNS),
        "compareRunSections": [
            {
                "uuid": SECTION,
                "name": TITLE,
                "display": True,
                "isReordered": True,
                "deleted": False,
                "isGenerated": False,
            }
        ],
        "compareRunCharts": [_bars(name) for name in CHARTS],
        "isAccordionReordered": True,  # else sections are sorted by name
    }
    return json.dumps(view)


def _bars(metric: str) -> dict[str, Any]:
    return {
        "type": "BAR",
        "uuid": f"radimpress-{metric}",
        "metricSectionId": SECTION,
        "metricKey": f"{SPLIT}/{metric}",
        "runsCountToCompare": 10,
        "deleted": False,
        "isGenerated": False,
    }
