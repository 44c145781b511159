"""Stage `evaluate`: predictions to scores with intervals, paired tests, plots and report.html.

python pipelines/evaluate.py                                 # with params.yaml, as DVC runs it
python pipelines/evaluate.py evaluation.bootstrap_samples=10000   # by hand, with Hydra overrides
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from radimpress.config.program import run_stage
from radimpress.config.schema import Config


def main(config: Config) -> None:
    from radimpress.report.evaluate_stage import evaluate
    from radimpress.report.table import print_tables

    reports = Path("reports")
    print_tables(evaluate(config, Path("data/splits"), reports), config.evaluation.candidate)
    print(f"the whole comparison, with slices and examples: {reports / 'report.html'}")


if __name__ == "__main__":
    run_stage(__doc__, main)
