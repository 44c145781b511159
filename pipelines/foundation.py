"""Stage `foundation`: the checkpoint to start from, in models/foundation.

python pipelines/foundation.py                                           # with params.yaml
python pipelines/foundation.py model=flan_t5_base model.path=DIR         # by hand, Hydra overrides
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))  # this checkout's code

from radimpress.config.dispatch import runs_elsewhere
from radimpress.config.program import run_stage
from radimpress.config.schema import Config

OUT = Path("models/foundation")


def main(config: Config) -> None:
    if runs_elsewhere(config, "foundation"):
        from radimpress.cloud.jobs.remote_stage import run_stage_remotely

        run_stage_remotely(config, "foundation")
        return
    from radimpress.modeling.foundation import make_foundation

    make_foundation(config, OUT)
    megabytes = sum(path.stat().st_size for path in OUT.iterdir()) / 1e6
    print(f"{OUT}: {config.model.name}, {megabytes:,.1f} MB")


if __name__ == "__main__":
    run_stage(__doc__, main)
