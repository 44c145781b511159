"""The git repository that code is read from at a commit, without touching its work tree."""

import io
import re
import subprocess
import tarfile
from collections.abc import Sequence
from pathlib import Path

from radimpress.runtime.errors import next_step

SECONDS = 300
OBJECT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")  # a name that moves, or an option, is no commit


class GitRepository:
    """Answers what stood in a commit; a folder outside git holds no commit at all."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def has(self, commit: str) -> bool:
        """Whether the commit's objects are here."""
        return self._asked(commit, "cat-file", "-e", f"{commit}^{{commit}}") is not None

    def text(self, commit: str, path: str) -> str | None:
        """A file of a commit, or None where it had none."""
        found = self._asked(commit, "show", f"{commit}:./{path}")
        return None if found is None else found.decode("utf-8", errors="replace")

    def holds(self, commit: str, path: str) -> bool:
        """Whether the commit has this file or folder."""
        return self._asked(commit, "cat-file", "-e", f"{commit}:./{path}") is not None

    def export(self, commit: str, paths: Sequence[str], into: Path) -> None:
        """Write those files and folders of a commit below `into`; paths it lacks are left out."""
        present = [path for path in paths if self.holds(commit, path)]
        if not present:
            return
        archive = self._run("archive", "--format=tar", commit, "--", *present)
        if archive is None:
            raise next_step(f"git cannot read commit {commit}", "run `git fsck`")
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            tar.extractall(into, filter="data")

    def clone(self, commit: str, into: Path) -> None:
        """A repository of its own in the empty folder `into`, at `commit` and on no branch."""
        cloned = self._run("clone", "--quiet", "--no-checkout", str(self.root), str(into))
        done = cloned is not None and GitRepository(into)._run(
            "checkout", "--quiet", "--detach", commit
        )
        if done is None or done is False:
            raise next_step(
                f"git cannot check commit {commit} out", f"try `git -C {self.root} checkout` of it"
            )

    def _asked(self, commit: str, *arguments: str) -> bytes | None:
        """As `_run`; None for a commit that is no full hash: people can edit the tag it is from."""
        return self._run(*arguments) if OBJECT.fullmatch(commit) else None

    def _run(self, *arguments: str) -> bytes | None:
        try:
            done = subprocess.run(
                ["git", *arguments], cwd=self.root, capture_output=True, check=True, timeout=SECONDS
            )
        except (OSError, subprocess.SubprocessError):
            return None
        return done.stdout
