"""The program of a tuner's training job: hands over to pipelines/job.py in its `code` channel.

Not for this machine. A tuner starts jobs by SageMaker's toolkit, which knows no command of ours; it
calls this with the values as arguments, which are read from SageMaker's own file instead.
"""

import runpy
import sys
from pathlib import Path

JOB = Path("/opt/ml/input/data/code/pipelines/job.py")

if __name__ == "__main__":
    if not JOB.is_file():
        sys.exit((__doc__ or "").strip())
    runpy.run_path(str(JOB), run_name="__main__")
