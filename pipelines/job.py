"""The program of a SageMaker job: `python pipelines/job.py` in its `code` channel.

Not for this machine: it expects SageMaker's folders around it (radimpress.cloud.jobs.container).
"""

import sys
from pathlib import Path

CODE = Path(__file__).resolve().parents[1]  # /opt/ml/input/data/code
sys.path[0] = str(next(CODE.glob("*.whl"), ""))

from radimpress.cloud.jobs.container import main

if __name__ == "__main__":
    if CODE.name != "code":
        sys.exit((__doc__ or "").strip())
    sys.exit(main(CODE.parents[2]))
