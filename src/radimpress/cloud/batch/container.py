"""The program of a batch's processing job: brings the image in order, then runs the worker.

It starts in an image that holds Python and torch, and may hold nothing else of ours, so this module
and what it imports need the standard library alone. One worker runs a GPU, else one a machine.
"""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

from radimpress.cloud.jobs.lines import ERROR
from radimpress.cloud.jobs.requirements import RequirementsError, install_missing

WORKER = "radimpress.cloud.batch.worker"
MESSAGE_BYTES = 1000  # AWS shows 1,024 characters


def main(folder: Path) -> int:
    """Run the job in `folder` (/opt/ml/processing); its exit status.

    Whatever goes wrong stands in /opt/ml/output/message, which AWS shows as the job's ExitMessage.
    """
    message = folder.parent / "output" / "message"
    try:
        return _run(folder, message)
    except RequirementsError as error:
        return _fail(message, f"{ERROR}{error}")


def _run(folder: Path, message: Path) -> int:
    code, settings = folder / "code", folder / "settings"
    plain = json.loads((settings / "job.json").read_text(encoding="utf-8"))
    install_missing(code, plain["isolated"])
    with zipfile.ZipFile(next(code.glob("*.whl"))) as wheel:
        wheel.extractall(folder / "source")
    gpus = visible_gpus()
    of = max(1, gpus)
    given = [folder / "model", folder / "input", folder / "output", settings / "settings.json"]
    workers = [
        subprocess.Popen(
            [sys.executable, "-u", "-m", WORKER, *map(str, given), str(part), str(of)],
            env={**os.environ, "PYTHONPATH": str(folder / "source"), **_device(part, gpus)},
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        )
        for part in range(of)
    ]
    failed = [words for worker in workers if (words := _last_words(worker))]
    return _fail(message, failed[0]) if failed else 0


def visible_gpus() -> int:
    """How many GPUs this machine has, asked without importing torch."""
    try:
        listed = subprocess.run(["nvidia-smi", "-L"], capture_output=True, text=True, check=False)
    except OSError:
        return 0
    return listed.stdout.count("GPU ") if listed.returncode == 0 else 0


def _device(part: int, gpus: int) -> dict[str, str]:
    return {"CUDA_VISIBLE_DEVICES": str(part)} if gpus else {}


def _last_words(worker: "subprocess.Popen[str]") -> str:
    """Pass a worker's lines on until it ends; its own error where it failed, else ""."""
    error = ""
    for line in worker.stderr or ():
        print(line, end="", file=sys.stderr, flush=True)
        error = line.strip() if line.startswith(ERROR) else error
    status = worker.wait()
    return error or f"{ERROR}the worker ended with status {status}" if status else ""


def _fail(message: Path, why: str) -> int:
    message.parent.mkdir(parents=True, exist_ok=True)
    message.write_text(why[:MESSAGE_BYTES], encoding="utf-8")
    print(why, file=sys.stderr, flush=True)
    return 1
