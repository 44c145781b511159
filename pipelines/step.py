"""The program of a SageMaker Pipeline's processing step: `python pipelines/step.py STAGE OUT...`.

Not for this machine: it expects SageMaker's folders around it (radimpress.cloud.schedule).
"""

import sys
from pathlib import Path

CODE = Path(__file__).resolve().parents[1]  # /opt/ml/processing/code
sys.path[0] = str(next(CODE.glob("*.whl"), ""))

if __name__ == "__main__":
    if CODE.name != "code" or CODE.parent.name != "processing":
        sys.exit((__doc__ or "").strip())
    from radimpress.cloud.schedule.container import main

    message = CODE.parents[1] / "output/message"
    sys.exit(main(CODE.parent, message, sys.argv[1], sys.argv[2:]))
