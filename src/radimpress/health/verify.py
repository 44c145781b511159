"""`radimpress verify`: re-hash everything that dvc.lock names, in the workspace and the cache."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from radimpress.health.hashing import Ignored, cache_path, tree, tree_md5
from radimpress.health.locked import Locked, read_lock
from radimpress.runtime.digests import file_md5
from radimpress.runtime.progress import track

State = Literal["agrees", "differs", "missing"]
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Verified:
    """What became of one path. `cache` is None where DVC keeps no copy (dependencies)."""

    locked: Locked
    workspace: State
    cache: State | None
    files: tuple[str, ...] = ()  # the first files that differ, for a folder

    @property
    def is_sound(self) -> bool:
        """Nothing differs and nothing is missing (an absent cache copy is no fault)."""
        return self.workspace == "agrees" and self.cache != "differs"


def verify(root: Path) -> list[Verified]:
    """Check every path of `root/dvc.lock`. Raises RadimpressError where there is none."""
    locked = read_lock(root / "dvc.lock")
    ignored, cache = dvcignore(root), cache_folder(root)
    return [verify_path(item, root, cache, ignored) for item in track(locked, "hashing")]


def verify_path(item: Locked, root: Path, cache: Path, ignored: Ignored) -> Verified:
    """Check one path below `root`, and its copy in `cache` where it is an output."""
    workspace, files = _workspace_state(item, root / item.path, cache, ignored)
    return Verified(item, workspace, _cache_state(item, cache) if item.is_output else None, files)


def _workspace_state(
    item: Locked, path: Path, cache: Path, ignored: Ignored
) -> tuple[State, tuple[str, ...]]:
    if not path.exists():
        return "missing", ()
    if item.is_folder != path.is_dir():
        return "differs", ()
    if not item.is_folder:
        return ("agrees" if file_md5(path) == item.md5 else "differs"), ()
    entries = tree(path, ignored)
    if tree_md5(entries) == item.md5:
        return "agrees", ()
    return "differs", tuple(_differing(entries, cached_tree(item, cache)))[:SHOWN]


def _differing(have: dict[str, str], want: dict[str, str] | None) -> Iterator[str]:
    if want is None:
        return
    for name in sorted(have.keys() | want.keys()):
        if have.get(name) != want.get(name):
            yield name


def cached_tree(item: Locked, cache: Path) -> dict[str, str] | None:
    """Relative path to md5 of a folder as the cache describes it; None where it does not."""
    path = cache_path(cache, item.md5)
    if not path.is_file() or file_md5(path) + ".dir" != item.md5:
        return None
    return {row["relpath"]: row["md5"] for row in json.loads(path.read_bytes())}


def _cache_state(item: Locked, cache: Path) -> State:
    path = cache_path(cache, item.md5)
    if not path.is_file():
        return "missing"
    if not item.is_folder:
        return "agrees" if file_md5(path) == item.md5 else "differs"
    entries = cached_tree(item, cache)
    if entries is None:
        return "differs"
    objects = {md5: cache_path(cache, md5) for md5 in entries.values()}
    if any(not path.is_file() for path in objects.values()):
        return "missing"
    return "agrees" if all(file_md5(p) == md5 for md5, p in objects.items()) else "differs"


def dvcignore(root: Path) -> Ignored:
    """What DVC leaves out of the hash of a folder."""
    from dvc.repo import Repo

    with Repo(str(root)) as repo:
        rules, filesystem = repo.dvcignore, repo.fs
        return lambda path: bool(rules.is_ignored(filesystem, path.absolute()))


def cache_folder(root: Path) -> Path:
    """Where the DVC repository at `root` keeps its objects."""
    from dvc.repo import Repo

    with Repo(str(root)) as repo:
        return Path(repo.cache.local_cache_dir)
