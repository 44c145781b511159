"""The program of a processing step: lays its inputs out as a checkout, runs one stage program.

Standard library at first, as `radimpress.cloud.jobs.container`: the image may hold nothing of ours.
"""

import json
import os
import shutil
import sys
import zipfile
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from radimpress.cloud.jobs.program import started
from radimpress.cloud.jobs.requirements import RequirementsError, install_missing

ERROR = "error: "
MOST_LETTERS = 1000  # of an exit message
GATE, PROMOTE = "gate", "promote"
GATE_FILE = "gate.json"
COMMAND_LINE = ("-m", "radimpress.cli")


def main(root: Path, message: Path, stage: str, outs: Sequence[str]) -> int:
    """Run `stage` below `root` (/opt/ml/processing); its exit status.

    What went wrong stands in `message`, which SageMaker shows as the job's exit message.
    """
    try:
        install_missing(root / "code", isolated=False)
        work = lay_out(root)
        if stage == GATE:
            return judge(work, root / "output")
        program = [f"pipelines/{stage}.py"] if stage != PROMOTE else [*COMMAND_LINE, PROMOTE]
        status, last = run([sys.executable, "-u", *program], work)
    except RequirementsError as error:
        status, last = 1, f"{ERROR}{error}"
    if status:
        message.parent.mkdir(parents=True, exist_ok=True)
        message.write_text(last[:MOST_LETTERS], encoding="utf-8")
        return status
    for out in outs:
        if (work / out).exists():
            target = root / "output" / out
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(work / out, target)
    return 0


def lay_out(root: Path) -> Path:
    """Make a working directory in which everything before the stage was run."""
    work = root / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    with zipfile.ZipFile(next((root / "code").glob("*.whl"))) as wheel:
        wheel.extractall(work / "src")
    shutil.copytree(root / "code/pipelines", work / "pipelines")
    for path in (root / "config").iterdir():
        shutil.copyfile(path, work / path.name)
    for given in sorted((root / "input").glob("*")):
        shutil.copytree(given, work, copy_function=_link, dirs_exist_ok=True)
    return work


def judge(work: Path, output: Path) -> int:
    """Ask every gate of promotion, and write gate.json: whether they pass, and if not why."""
    status, last = run([sys.executable, "-u", *COMMAND_LINE, PROMOTE, "--dry-run"], work)
    if status not in (0, 1) or last.startswith(ERROR):  # not a verdict: it could not be asked
        print(last, file=sys.stderr)
        return status or 1
    output.mkdir(parents=True, exist_ok=True)
    verdict = {"passed": status == 0, "reason": last}
    (output / GATE_FILE).write_text(json.dumps(verdict) + "\n", encoding="utf-8")
    return 0


def run(command: Sequence[str], work: Path) -> tuple[int, str]:
    """Run a program in `work`, its output passed on; its status and last word."""
    last: deque[str] = deque(maxlen=1)
    environment = os.environ | {"PYTHONPATH": str(work / "src")}
    with started(command, work, environment) as child:
        for line in child.stdout or ():
            print(line, end="", flush=True)
            if line.strip():
                last.append(line.strip())
    return child.returncode, last[0] if last else f"ended with status {child.returncode}"


def _link(source: str, target: str) -> None:
    if not Path(target).exists():
        try:
            os.link(source, target)
        except OSError:  # another file system
            shutil.copyfile(source, target)
