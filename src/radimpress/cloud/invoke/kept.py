"""Answers kept until a long run is done, so that a rerun asks only what is missing.

They are report text: the file is the user's alone and lies below data/ (rule 4).
"""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Lock
from types import TracebackType

from filelock import FileLock, Timeout

from radimpress.cloud.invoke.answers import Answer, Request
from radimpress.config.fingerprint import fingerprint
from radimpress.runtime.errors import next_step
from radimpress.runtime.roots import repository_root

FOLDER = Path("data") / "answers"  # of the repository, also from DVC's temporary copies


class KeptAnswers:
    """One line an answer, appended as it arrives; safe to use from threads.

    Use as a context: it opens the file for this process alone. A line that is not whole, as a
    killed process or a full disk leaves it, is named and not read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._turn = Lock()
        self._file = -1
        self._known: dict[str, Answer] = {}
        self._lock = FileLock(path.with_suffix(".lock"))

    def __enter__(self) -> "KeptAnswers":
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise next_step(
                "another process is asking the same endpoint these very reports",
                f"wait for it to end, or stop it (it holds {self.path.with_suffix('.lock')})",
            ) from error
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        self._known = dict(self._read())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._file)
        self._file = -1
        self._lock.release()

    def __len__(self) -> int:
        return len(self._known)

    def get(self, request: Request) -> Answer | None:
        """The answer to `request`, where there is one."""
        return self._known.get(fingerprint(request))

    def put(self, request: Request, answer: Answer) -> None:
        """Keep an answer from now on, whatever ends this process."""
        key = fingerprint(request)
        line = json.dumps([key, answer], ensure_ascii=False) + "\n"
        with self._turn:
            os.write(self._file, line.encode())
            self._known[key] = answer

    def discard(self) -> None:
        """Remove what was kept: the answers stand where they belong.

        Left alone where another process has begun to read it meanwhile: that one discards it.
        """
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return
        try:
            self.path.unlink(missing_ok=True)
            # while it is ours: who waits for it finds a lock without a name, and takes a new one
            self.path.with_suffix(".lock").unlink(missing_ok=True)
        finally:
            self._lock.release()

    def _read(self) -> Iterator[tuple[str, Answer]]:
        end = damaged = 0
        with self.path.open("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    damaged += 1
                    break
                end += len(line)
                if (pair := _pair(line)) is None:
                    damaged += 1
                else:
                    yield pair
        os.truncate(self.path, end)  # or the next answer would be part of that line
        if damaged:
            what = "line" if damaged == 1 else "lines"
            print(f"{self.path}: {damaged} damaged {what} left out, asked again", file=sys.stderr)


def _pair(line: bytes) -> tuple[str, Answer] | None:
    """The request's key and the answer; None for a line that was not written whole."""
    try:
        key, answer = json.loads(line)
    except (ValueError, TypeError):
        return None
    whole = isinstance(key, str) and isinstance(answer, dict) and "impression" in answer
    return (key, answer) if whole else None


def kept_answers(requests: Sequence[Request], *made_of: str) -> KeptAnswers:
    """Of exactly these requests to what `made_of` names; `discard` them when all is done."""
    name = fingerprint(*made_of, list(requests))[:32]
    return KeptAnswers(repository_root() / FOLDER / f"{name}.jsonl")
