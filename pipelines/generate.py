"""Stage `generate`: every system's impressions for every test split, in reports/predictions.

python pipelines/generate.py                                             # with params.yaml
python pipelines/generate.py generation=beams                            # by hand, Hydra overrides
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))  # this checkout's code

from radimpress.config.program import run_stage
from radimpress.config.schema import Config

MODELS, SPLITS = Path("models"), Path("data/splits")
OUT = Path("reports/predictions")
TIMING = Path("reports/timing/generate.json")  # apart: times differ between runs, predictions not


def main(config: Config) -> None:
    from radimpress.modeling.generate_stage import generate_predictions
    from radimpress.runtime.atomic import write_text

    counts = generate_predictions(config, MODELS, SPLITS, OUT)
    plain = {name: {s: asdict(count) for s, count in of.items()} for name, of in counts.items()}
    write_text(TIMING, json.dumps(plain, indent=2) + "\n")
    predictions = sum(count.n for of in counts.values() for count in of.values())
    seconds = sum(count.seconds for of in counts.values() for count in of.values())
    print(f"{OUT}: {predictions:,} predictions of {len(counts)} systems in {seconds:.0f} s")


if __name__ == "__main__":
    run_stage(__doc__, main)
