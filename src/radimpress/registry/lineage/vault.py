"""The places where bytes that dvc.lock names may still stand: workspace, DVC's cache, git."""

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from radimpress.health.hashing import Ignored, cache_path, tree, tree_md5
from radimpress.health.locked import Locked
from radimpress.health.verify import cache_folder, cached_tree, dvcignore, verify_path
from radimpress.registry.lineage.git_repository import GitRepository
from radimpress.registry.lineage.link import State
from radimpress.runtime.digests import file_md5
from radimpress.runtime.errors import next_step


@dataclass(frozen=True, slots=True)
class Sighting:
    """Whether the bytes behind a hash are here; `where` says in which place, or why not."""

    state: State
    where: str


class Vault:
    """Looks at a DVC repository and one of its commits; every answer comes from bytes read now.

    Raises RadimpressError where `root` is no DVC repository.
    """

    def __init__(self, root: Path, repository: GitRepository, commit: str) -> None:
        from dvc.exceptions import NotDvcRepoError

        self.root, self.repository, self.commit = root, repository, commit
        try:
            self._ignored, self.cache = dvcignore(root), cache_folder(root)
        except NotDvcRepoError as error:
            raise next_step(f"{root} is no DVC repository", "run in the repository root") from error

    def find(self, item: Locked) -> Sighting:
        """Look for an intact copy in every place."""
        seen = verify_path(replace(item, is_output=True), self.root, self.cache, self._ignored)
        if seen.workspace == "agrees":
            return Sighting(State.holds, "in the workspace")
        if seen.cache == "agrees":
            return Sighting(State.holds, "in DVC's cache")
        if seen.cache == "differs":
            return Sighting(State.broken, "the copy in DVC's cache is damaged")
        if committed_md5(self.repository, self.commit, item.path, self._ignored) == item.md5:
            return Sighting(State.holds, "in git at the commit")
        workspace = "the workspace holds another version" if seen.workspace == "differs" else ""
        return Sighting(
            State.unchecked,
            f"{workspace or 'not in the workspace'}, and DVC's cache has none (try `dvc pull`)",
        )

    def entries(self, item: Locked) -> dict[str, str] | None:
        """Relative path to md5 of the files of a folder of dvc.lock; None where it is not here."""
        path = self.root / item.path
        if path.is_dir() and tree_md5(found := tree(path, self._ignored)) == item.md5:
            return found
        return cached_tree(item, self.cache)

    def folder(self, item: Locked, into: Path) -> Path | None:
        """A folder of dvc.lock to read from: links into the cache below `into`; None as above."""
        entries = self.entries(item)
        if entries is None:
            return None
        for name, md5 in entries.items():
            present, link = self.root / item.path / name, into / name
            kept = cache_path(self.cache, md5)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to((kept if kept.is_file() else present).resolve())
        return into


def committed_md5(
    repository: GitRepository, commit: str, path: str, ignored: Ignored | None = None
) -> str | None:
    """DVC's hash of a file or folder as it stands in a commit; None where it does not."""
    if not commit or not repository.holds(commit, path):
        return None
    with tempfile.TemporaryDirectory() as scratch:
        repository.export(commit, [path], Path(scratch))
        found = Path(scratch) / path
        if found.is_dir():
            return tree_md5(tree(found, ignored or (lambda _: False)))
        return file_md5(found) if found.is_file() else None
