"""Stage `generate`: every system's impressions for every test split, in reports/predictions.

python pipelines/generate.py                                             # with params.yaml
python pipelines/generate.py generation=beams                            # by hand, Hydra overrides
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))  # this checkout's code

from radimpress.config.dispatch import runs_elsewhere
from radimpress.config.program import run_stage
from radimpress.config.schema import Config

if TYPE_CHECKING:
    from radimpress.cloud.invoke.system import EndpointSystem

MODELS, SPLITS = Path("models"), Path("data/splits")
OUT = Path("reports/predictions")
TIMING = Path("reports/timing/generate.json")  # apart: times differ between runs, predictions not


def endpoint_systems(config: Config) -> "list[EndpointSystem]":
    """The systems of generation.endpoints, found to answer before anything is generated."""
    if not config.generation.endpoints:
        return []
    from radimpress.cloud.invoke import system as invoke_system

    return invoke_system.endpoint_systems(config)


def main(config: Config) -> None:
    if runs_elsewhere(config, "generate"):
        from radimpress.cloud.jobs.remote_stage import run_stage_remotely

        run_stage_remotely(config, "generate")
        return
    from radimpress.modeling.generate_stage import generate_predictions
    from radimpress.runtime.atomic import write_text

    endpoints = endpoint_systems(config)
    counts = generate_predictions(config, MODELS, SPLITS, OUT, endpoints)
    for each in endpoints:
        each.discard()
    plain = {name: {s: asdict(count) for s, count in of.items()} for name, of in counts.items()}
    write_text(TIMING, json.dumps(plain, indent=2) + "\n")
    predictions = sum(count.n for of in counts.values() for count in of.values())
    seconds = sum(count.seconds for of in counts.values() for count in of.values())
    print(f"{OUT}: {predictions:,} predictions of {len(counts)} systems in {seconds:.0f} s")


if __name__ == "__main__":
    run_stage(__doc__, main)
