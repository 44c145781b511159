"""What runs are called and tagged, and which parameters and metrics stand in the UI."""

import re
from collections.abc import Mapping
from typing import Any

from radimpress.config.fingerprint import fingerprint
from radimpress.config.schema import Config

KEY = "radimpress.key"  # names the content of a run: the same key is the same run
TRAINING_KEY = "radimpress.training_key"
SYSTEM = "radimpress.system"
ALIAS = (
    "alias"  # of the registered model, on the run behind it: what is deployed, in the runs table
)
ACCESS = "radimpress.access"  # of the corpus: public, private or credentialed
PREDICTIONS = "radimpress.predictions.{split}_md5"  # finds a run's outputs again in DVC's cache

HEADLINE = (  # whose intervals are logged too; metrics.json holds those of every metric
    "rougeL",
    "clinical_f1_micro",
    "hallucination_rate",
    "contradiction_rate",
    "side_flip_rate",
)

DETAIL = re.compile(r"^rouge.*_(stem|precision|recall)$")

EXPERIMENT_NOTE = """\
### Which model is better, by how much, on which data, and what is deployed
**Which?** `test/rougeL` and `test/clinical_f1_micro`: higher is better. `test/hallucination_rate`,
`test/contradiction_rate`, `test/side_flip_rate`, `test/omission_rate` are shares of reports with
such an error: **lower is better**, and ROUGE does not see them.

**By how much?** A run's *Description* has its differences with p; `test_interval/` the 95%
bootstrap bounds; artifact `differences.json` every test. Any two runs: `radimpress compare A B`.

**On which data?** Column *Dataset*: the hash is that of the split. `test_abnormal/`,
`test_normal/` are slices; `test_detail/` is ROUGE with stems, precision and recall.

**What is deployed?** Column `alias`, and *Model registry* in the sidebar.
"""


def run_name(system: str, config: Config, key: str) -> str:
    """What the runs table shows: the system, the model where there is one, and the key's start."""
    model = f" {config.model.name}" if system in ("foundation", "finetuned") else ""
    return f"{system}{model} {key[:7]}"


def training_key(config: Config, splits: Mapping[str, str], foundation_sha256: str) -> str:
    """Names the training that a configuration, its data and its foundation stand for."""
    data = {name: md5 for name, md5 in splits.items() if not name.startswith("test")}
    return fingerprint(
        config.seed, config.model, config.training, config.data.cleaning, data, foundation_sha256
    )


def parameters(config: Config, system: str) -> dict[str, str]:
    """The dozen or so parameters that tell runs apart; only the corpus for a baseline."""
    data, model, training = config.data, config.model, config.training
    shared: dict[str, Any] = {
        "system": system,
        "corpus": data.name,
        "profile": data.profile.value,
        "list_numbers": data.cleaning.list_numbers.value,
        "split": data.split.method.value,
    }
    if system in ("foundation", "finetuned"):
        shared |= {
            "model": model.name,
            "retrieval": model.retrieval,
            "max_source_tokens": model.max_source_tokens,
            "num_beams": config.generation.num_beams,
            "max_new_tokens": config.generation.max_new_tokens,
            "seed": config.seed,
        }
    if system == "finetuned":
        shared |= {
            "adapter": model.adapter.value,
            "epochs": training.epochs,
            "max_steps": training.max_steps,
            "learning_rate": training.learning_rate,
            "batch_size": training.batch_size,
            "scheduler": training.scheduler,
        }
    return {name: str(value) for name, value in shared.items()}


def flat_metrics(splits: Mapping[str, Any]) -> dict[str, float]:
    """The metrics of one system in metrics.json as `test/rougeL`, `test_abnormal/rougeL`, ...

    ROUGE with stems, precision and recall stand apart under `test_detail/`, of all reports only.
    Other slices than all, normal, abnormal stay in metrics.json: hundreds of columns help nobody.
    """
    flat: dict[str, float] = {}
    for split, slices in splits.items():
        for name, metrics in slices.items():
            if name not in ("all", "normal", "abnormal"):
                continue
            section = split if name == "all" else f"{split}_{name}"
            for metric, result in metrics.items():
                if name == "all" and DETAIL.search(metric):
                    flat[f"{split}_detail/{metric}"] = result["value"]
                elif not DETAIL.search(metric):
                    flat[f"{section}/{metric}"] = result["value"]
                if name == "all" and metric in HEADLINE:
                    flat[f"{split}_interval/{metric}_low"] = result["low"]
                    flat[f"{split}_interval/{metric}_high"] = result["high"]
    return flat
