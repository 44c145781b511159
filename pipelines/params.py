"""Stage `params`: refuse a params.yaml that is older than conf/.

python pipelines/params.py    # as DVC runs it, before any other stage
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from radimpress.config.params_file import GUARD, refuse_stale
from radimpress.config.program import run_stage
from radimpress.config.rules import warnings
from radimpress.config.schema import Config
from radimpress.runtime.atomic import write_text


def main(config: Config) -> None:
    refuse_stale()
    for warning in warnings(config):
        print(f"warning: {warning}", file=sys.stderr)
    write_text("data/params_check.txt", GUARD)


if __name__ == "__main__":
    run_stage(__doc__, main)
