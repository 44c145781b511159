"""What a job's image lacks of what our programs import, and how it gets there.

Standard library only: it runs before anything is installed. The image's torch stays, whatever its
version: it is the one that the machine's GPU can run.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PIN = re.compile(r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;]+)")
EXACT = 2  # numbers of a version that must agree where the version decides what is computed
LOOSE = 1  # and where it does not
DECIDING = {"accelerate", "ctranslate2", "peft", "tokenizers", "transformers"}


class RequirementsError(Exception):
    """What is missing, and the next step; one line."""


def install_missing(code: Path, isolated: bool) -> None:
    """Install what requirements.txt in `code` pins and the image does not have.

    Raises RequirementsError where it cannot: without a network, or where pip fails.
    """
    lines = [line for line in (code / "requirements.txt").read_text().splitlines() if line]
    missing = list(unmet(lines))
    if not missing:
        return
    names = ", ".join(line.partition("==")[0] for line in missing)
    if isolated:
        raise RequirementsError(
            f"the image lacks {names}, and cloud.network_isolation keeps pip off the network; "
            "next: build an image with them (docs/sagemaker-training.md) and set compute.job.image"
        )
    print(f"installing {names}", flush=True)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--no-input", "--constraint", str(code / "constraints.txt"), *missing]
    done = subprocess.run(command, check=False)
    if done.returncode:
        raise RequirementsError(
            f"pip could not install {names} (status {done.returncode}); next: look at the job's "
            "log, or build an image with them and set compute.job.image"
        )


def unmet(pins: list[str]) -> Iterator[str]:
    """The pins whose package is missing here, or is of another release."""
    for line in pins:
        found = PIN.match(line)
        if not found or not _applies(line):
            continue
        try:
            have = version(found["name"])
        except PackageNotFoundError:
            yield line
            continue
        numbers = EXACT if found["name"] in DECIDING else LOOSE
        if have.split(".")[:numbers] != found["version"].split(".")[:numbers]:
            yield line


def _applies(line: str) -> bool:
    """Whether the marker of a pin holds here; constraints.txt knows markers of versions only."""
    marker = line.partition(";")[2]
    for part in re.findall(r"python_full_version\s*(<|>=)\s*'([\d.]+)'", marker):
        wanted = tuple(int(number) for number in part[1].split("."))
        if (sys.version_info[: len(wanted)] >= wanted) is not (part[0] == ">="):
            return False
    return "sys_platform != 'linux'" not in marker and "== 'win32'" not in marker
