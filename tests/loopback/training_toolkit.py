"""Stands for the toolkit in AWS's training images: what they do without a ContainerEntrypoint.

It fetches sagemaker_submit_directory and runs sagemaker_program with the other hyperparameters as
arguments. JumpStart's jobs and all jobs of a tuner start this way. It runs in the container, and
installs no requirements.txt.
"""

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

ML = Path("/opt/ml")
OF_SAGEMAKER = ("sagemaker_", "_tuning_objective_metric")


def read(name: str) -> dict[str, Any]:
    """A file of input/config."""
    return dict(json.loads((ML / "input" / "config" / name).read_text()))


def decoded(value: str) -> Any:
    """A hyperparameter: the SDK encodes them as JSON."""
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value


def fetch(uri: str, into: Path) -> None:
    """The program's folder, from a tar.gz in S3 or a path in the container."""
    into.mkdir(parents=True, exist_ok=True)
    if not uri.startswith("s3://"):
        return
    import boto3

    bucket, _, key = uri.removeprefix("s3://").partition("/")
    packed = into.parent / "source.tar.gz"
    boto3.client("s3").download_file(bucket, key, str(packed))
    with tarfile.open(packed) as archive:
        archive.extractall(into, filter="data")


def variables(settings: dict[str, Any]) -> dict[str, str]:
    """The SM_ variables that a program of AWS's images may read."""
    resources, channels = read("resourceconfig.json"), read("inputdataconfig.json")
    told = {
        "SM_MODEL_DIR": str(ML / "model"),
        "SM_OUTPUT_DATA_DIR": str(ML / "output" / "data"),
        "SM_CURRENT_HOST": resources["current_host"],
        "SM_HOSTS": json.dumps(resources["hosts"]),
        "SM_NUM_GPUS": "0",
        "SM_NUM_CPUS": str(os.cpu_count()),
        "SM_CHANNELS": json.dumps(sorted(channels)),
        "SM_HPS": json.dumps(settings),
    }
    told |= {f"SM_CHANNEL_{name.upper()}": str(ML / "input" / "data" / name) for name in channels}
    return told | {f"SM_HP_{name.upper()}": str(value) for name, value in settings.items()}


def main() -> int:
    """Run the program; its exit status."""
    given = {name: decoded(value) for name, value in read("hyperparameters.json").items()}
    settings = {name: value for name, value in given.items() if not name.startswith(OF_SAGEMAKER)}
    code = ML / "code"
    fetch(given.get("sagemaker_submit_directory", ""), code)
    command = [sys.executable, given["sagemaker_program"]]
    for name, value in sorted(settings.items()):
        command += [f"--{name}", str(value)]
    print("Invoking script with the following command:", *command[1:], flush=True)
    environment = os.environ | variables(settings)
    ended = subprocess.run(command, cwd=code, env=environment, check=False)
    if ended.returncode:
        told = f"ExecuteUserScriptError:\nExitCode {ended.returncode}\nCommand {command[1:]}"
        (ML / "output" / "failure").write_text(told)
    return ended.returncode


if __name__ == "__main__":
    raise SystemExit(main())
