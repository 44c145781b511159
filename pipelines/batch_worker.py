"""The program of a batch's processing job: `python pipelines/batch_worker.py` in its `code` folder.

Not for this machine: it expects SageMaker's folders around it (radimpress.cloud.batch.container).
"""

import sys
from pathlib import Path

CODE = Path(__file__).resolve().parents[1]  # /opt/ml/processing/code
sys.path[0] = str(next(CODE.glob("*.whl"), ""))

from radimpress.cloud.batch.container import main

if __name__ == "__main__":
    if CODE.name != "code":
        sys.exit((__doc__ or "").strip())
    sys.exit(main(CODE.parent))
