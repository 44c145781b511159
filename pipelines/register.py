"""Stage `register`: MLflow runs to compare, and the fine-tuned model as `challenger`.

python pipelines/register.py                                 # as DVC runs it
python pipelines/register.py tracking.uri=http://host:5000   # by hand, to another server
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from radimpress.config.program import run_stage
from radimpress.config.schema import Config


def main(config: Config) -> None:
    from radimpress.registry.registration.register_stage import register

    done = register(config, Path("models/registered.json"))
    print(f"registered {done.name} version {done.version} as challenger; {len(done.runs)} runs")


if __name__ == "__main__":
    run_stage(__doc__, main)
