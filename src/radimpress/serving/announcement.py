"""`mlruns/servers/<pid>.json`: how a promotion on this machine finds the servers that follow."""

import json
import os
from pathlib import Path

from radimpress.runtime.atomic import write_text
from radimpress.runtime.roots import mlruns_root


def announce(url: str, model: str) -> Path:
    """Say that this process serves `model` at `url`; returns the file to remove at the end."""
    path = mlruns_root() / "servers" / f"{os.getpid()}.json"
    plain = {"url": url, "model": model, "pid": os.getpid()}
    write_text(path, json.dumps(plain) + "\n")
    return path
