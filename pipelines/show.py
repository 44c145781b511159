"""What the pipeline found: the comparison, where the report is, and what to try next.

python pipelines/show.py                                     # what `make pipeline` ends with
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from radimpress.config.program import run_stage
from radimpress.config.schema import Config

NEXT = """\
Next:
  make ui                                  compare the runs in MLflow
  .venv/bin/radimpress summarize "Moderate left pleural effusion. No pneumothorax."
  .venv/bin/dvc exp run -S training.learning_rate=5e-4   # only what depends on it runs again"""


def main(config: Config) -> None:
    from radimpress.report.results import read_results
    from radimpress.report.table import print_tables

    print_tables(read_results(Path("reports")), config.evaluation.candidate)
    registered = json.loads(Path("models/registered.json").read_text(encoding="utf-8"))
    name, version = registered["registered_model"], registered["version"]
    print(f"Model:  models:/{name}@{registered['alias']} (version {version})")
    print(f"Report: file://{Path('reports/report.html').resolve()}\n\n{NEXT}")


if __name__ == "__main__":
    run_stage(__doc__, main)
