"""A program inside a container, its output read line by line. Standard library alone."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path


def started(
    command: Sequence[str], work: Path, environment: Mapping[str, str]
) -> "subprocess.Popen[str]":
    """Start `command` in `work`; what it prints and complains comes through its `stdout`."""
    return subprocess.Popen(
        command,
        cwd=work,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
