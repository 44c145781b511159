"""Stage `clean`: raw reports to data/clean.

python pipelines/clean.py                                    # with params.yaml, as DVC runs it
python pipelines/clean.py data=indiana data.path=x.json      # by hand, with Hydra overrides
"""

import sys
from pathlib import Path

# The code of this checkout, also in DVC's temporary copies.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from radimpress.config.program import run_stage
from radimpress.config.schema import Config


def main(config: Config) -> None:
    from radimpress.corpus.clean_stage import clean_corpus, describe

    print(describe(clean_corpus(config.data, Path("data/clean"), config.compute.workers)))


if __name__ == "__main__":
    run_stage(__doc__, main)
