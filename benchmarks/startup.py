"""What a command costs before it does anything: `radimpress --help`, `doctor` and `sections`.

python benchmarks/startup.py            # half a minute, benchmarks/results/startup.json
python benchmarks/startup.py --quick    # is everything right?

CPU time, user and system, of a process of its own; the files it reads are in memory.
"""

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import suite

ROOT = Path(__file__).resolve().parents[1]
RADIMPRESS = Path(sys.executable).with_name("radimpress")
REPORT = """                                 FINAL REPORT
 INDICATION:  ___ year old woman with cough.

 FINDINGS:  There is a small left pleural effusion.

 IMPRESSION:  Small left pleural effusion.
"""
SECONDS = {"--help": 0.3, "doctor": 3.0, "sections -": 0.5}  # of CPU
# With byte code kept, as it is everywhere by default; the run before the clock writes it.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
BARE = "python -c pass"


def bench(_options: suite.Options) -> list[suite.Race]:
    return [
        suite.Race(
            title=f"Start-up: radimpress {arguments}",
            input="one process",
            contestants=(
                suite.Contestant(
                    f"radimpress {arguments}", partial(_command, arguments), suite.Role.ours
                ),
                suite.Contestant(BARE, _bare, suite.Role.floor),
            ),
            check=partial(_right, arguments),
            limit="the start of Python",
            reaches=(suite.Reach(f"radimpress {arguments}", seconds=allowed),),
        )
        for arguments, allowed in SECONDS.items()
    ]


def _command(arguments: str) -> str:
    done = subprocess.run(
        [str(RADIMPRESS), *arguments.split()],
        input=REPORT,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=ENVIRONMENT,
        check=False,  # `doctor` exits 1 on a machine that is not set up, and says why
    )
    return done.stdout


def _bare() -> str:
    return subprocess.run([sys.executable, "-c", "pass"], env=ENVIRONMENT, check=True).args[-1]


def _right(arguments: str, outputs: dict[str, Any]) -> list[str]:
    shown = outputs[f"radimpress {arguments}"]
    if arguments == "--help" and not all(name in shown for name in ("sections", "doctor")):
        raise suite.UnequalError("--help does not list the commands")
    if arguments == "doctor" and not all(name in shown for name in ("MLflow", "GPU", "memory")):
        raise suite.UnequalError("doctor did not come to its end")
    right = "Small left pleural effusion."
    if arguments == "sections -" and json.loads(shown)["impression"] != right:
        raise suite.UnequalError("sections shows another impression")
    return ["the output is whole"]


if __name__ == "__main__":
    suite.main(__doc__, bench, ["typer", "rich", "hydra-core", "dvc"])
