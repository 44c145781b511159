"""The checkpoint folder of a job and its copy in S3, kept alike while the job runs."""

import contextlib
from pathlib import Path

from loopback import buckets


class Checkpoints:
    """Copies what is new in `folder` under `uri`. What is removed here stays there."""

    def __init__(self, uri: str, folder: Path) -> None:
        self._uri, self._folder = uri.rstrip("/"), folder
        self._known: dict[str, tuple[int, int]] = {}
        self.uploaded = 0  # files so far

    def restore(self) -> None:
        """Lay out what an earlier job, or an interrupted attempt, left in S3."""
        self._folder.mkdir(parents=True, exist_ok=True)
        buckets.download(f"{self._uri}/", self._folder)
        self._known = {name: _state(path) for name, path in buckets.files(self._folder)}

    def sync(self) -> None:
        """Copy what changed since the last time."""
        try:
            files = list(buckets.files(self._folder))
        except FileNotFoundError:  # a folder was removed while it was listed: the next time
            return
        for name, path in files:
            with contextlib.suppress(FileNotFoundError):  # a temporary file, renamed meanwhile
                state = _state(path)
                if self._known.get(name) != state:
                    buckets.write(f"{self._uri}/{name}", path.read_bytes())
                    self._known[name] = state
                    self.uploaded += 1


def _state(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns
