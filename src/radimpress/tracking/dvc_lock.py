"""dvc.lock as lineage: the hash that names a run of the pipeline.

DVC writes a stage's entry when the stage has ended. `register` therefore sees the lock without its
own entry the first time and with the entry of its last run later, so that entry is left out: the
text and its hash are the same before, during and after `register`.
"""

import hashlib
import re
from pathlib import Path

_REGISTER = re.compile(r"^  register:\n(?:(?:    .*)?\n)*", re.MULTILINE)


def before_register(lock: str) -> str:
    """The text of a dvc.lock without the entry of the stage `register`."""
    return _REGISTER.sub("", lock)


def read_before_register(path: Path) -> str:
    """As `before_register`, of the file; "" where there is none."""
    return before_register(path.read_text(encoding="utf-8")) if path.is_file() else ""


def lock_md5(lock: str) -> str:
    """The md5 of what `before_register` leaves of a dvc.lock; "" for ""."""
    kept = before_register(lock)
    return hashlib.md5(kept.encode(), usedforsecurity=False).hexdigest() if kept else ""
