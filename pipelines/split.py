"""Stage `split`: data/clean to data/splits, refused where a patient or a pair would leak.

python pipelines/split.py                                    # with params.yaml, as DVC runs it
python pipelines/split.py data=indiana data.split.test=0.3   # by hand, with Hydra overrides
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))  # this checkout's code

from radimpress.config.program import run_stage
from radimpress.config.schema import Config


def main(config: Config) -> None:
    from radimpress.corpus.split_stage import split_corpus
    from radimpress.corpus.stratification import table

    summary = split_corpus(config.data, Path("data/clean"), Path("data/splits"))
    print(table(summary["splits"]))
    for warning in summary["leakage"]["warnings"]:
        print(f"warning: {warning}")


if __name__ == "__main__":
    run_stage(__doc__, main)
