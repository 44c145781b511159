"""`radimpress lineage --restore`: code, configuration, data and model of a version in a new folder.

The folder becomes a git clone at the commit, with the dvc.lock and params.yaml of the run, and with
everything that DVC's cache or remote, the registry or the workspace still has. It shares the cache
of this repository and nothing else; whatever was restored was hashed after it was written.
"""

import logging
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

import yaml

from radimpress.config.schema import Config
from radimpress.health.hashing import tree, tree_md5
from radimpress.health.locked import Locked, read_lock
from radimpress.health.verify import cache_folder
from radimpress.registry.lineage.data import MODEL, SHOWN, is_code
from radimpress.registry.lineage.link import Link, State, broken, holds, unchecked
from radimpress.registry.lineage.walk import chosen_version, served, sources_of
from radimpress.registry.versions import Version
from radimpress.runtime.atomic import whole_folder
from radimpress.runtime.digests import file_md5, folder_sha256
from radimpress.runtime.errors import RadimpressError, next_step
from radimpress.runtime.roots import repository_root
from radimpress.tracking.dvc_lock import before_register
from radimpress.tracking.lineage import PREFIX
from radimpress.tracking.models import model_folder
from radimpress.tracking.store import Store, open_store

LEFT = ("__pycache__",)  # Python's own leavings are part of no hash


@dataclass(frozen=True, slots=True)
class Restored:
    """What stands in `folder` now: a link that holds was restored, a broken one could not be."""

    version: Version
    folder: Path
    links: tuple[Link, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing that anybody ever kept."""
        return all(link.state is not State.broken for link in self.links)


def restore(config: Config, which: str, folder: Path, root: Path | None = None) -> Restored:
    """Restore the version that `which` names (as in `walk`) into `folder`, whole or not at all.

    Raises RadimpressError where `folder` holds anything, or where the commit is not here: nothing
    is written then.
    """
    root, folder = root or repository_root(), folder.resolve()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise next_step(f"{folder} is not empty", "name a folder that is, or a new one")
    store = open_store(config.tracking)
    endpoint, _ = served(config, store, which)
    chosen = chosen_version(store, config.tracking.registered_model, which, endpoint)
    sources = sources_of(store, chosen, root)
    if not sources.repository.has(sources.commit):
        raise next_step(
            f"commit {sources.commit or 'of this version, which was made outside git,'} is not in "
            f"{root}",
            "fetch it (`git fetch --all`), or run in a clone that has it",
        )
    with whole_folder(folder) as temporary:
        sources.repository.clone(sources.commit, temporary)
        links = [_code(sources.commit, chosen)]
        for name, found in {
            "params.yaml": sources.params(chosen.tags.get(f"{PREFIX}config_fingerprint", "")),
            "dvc.lock": sources.lock(chosen.tags.get(f"{PREFIX}dvc_lock_md5", "")),
        }.items():
            if found and found.agrees:
                (temporary / name).write_text(before_register(found.text), encoding="utf-8")
                links.append(holds(name, "", f"the one {found.where}"))
            else:
                links.append(broken(name, "", "the one of this version is kept nowhere"))
        if links[-1].state is State.holds:
            links += _data(store, chosen, root, temporary)
        else:
            links += _model_alone(store, chosen, temporary)
    return Restored(chosen, folder, tuple(links))


def _code(commit: str, chosen: Version) -> Link:
    if chosen.tags.get(f"{PREFIX}git_dirty") != "false":
        return broken("code", commit[:SHOWN], "the commit; changes that were not in it are lost")
    return holds("code", commit[:SHOWN], "a clone at the commit, on no branch")


def _data(store: Store, chosen: Version, root: Path, folder: Path) -> Iterator[Link]:
    """Fill `folder` with what its dvc.lock names, then hash all of it."""
    locked = read_lock(folder / "dvc.lock")
    problem = _checkout(root, folder)
    kept_by_nobody = uncached((folder / "dvc.yaml").read_text(encoding="utf-8"))
    yield _code_agrees([item for item in locked if is_code(item)], folder)
    for item in locked:
        if is_code(item):
            continue
        value = item.md5[:SHOWN]
        if _is_outside(item.path):
            yield unchecked(item.path, value, "outside the repository: left where it is")
        elif _md5(folder / item.path) == item.md5:
            yield holds(item.path, value, "from git or DVC")
        elif _md5(root / item.path) == item.md5:
            yield _from_workspace(item, root, folder)
        elif item.path == MODEL:
            yield _from_registry(store, chosen, folder / MODEL, item.md5)
        elif item.path in kept_by_nobody:
            yield unchecked(
                item.path, value, f"DVC keeps no copy; `dvc repro {item.stage}` makes it"
            )
        else:
            yield broken(item.path, value, problem or "not in DVC's cache")


def _model_alone(store: Store, chosen: Version, folder: Path) -> Iterator[Link]:
    yield _from_registry(store, chosen, folder / MODEL, None)
    yield broken("data", "", "without its dvc.lock nobody can say which data it was")


def _checkout(root: Path, folder: Path) -> str:
    """DVC's part, with the cache of `root`; returns what went wrong, or "".

    A remote is asked only for what the cache lacks.
    """
    for name in ("dvc", "dvc_data"):  # what is missing is said in our own words
        logging.getLogger(name).setLevel(logging.ERROR)
    from dvc.exceptions import DvcException
    from dvc.repo import Repo

    with Repo(str(root)) as here:
        remotes, core = dict(here.config.get("remote") or {}), dict(here.config["core"])
    with (folder / ".dvc" / "config.local").open("a", encoding="utf-8") as stream:
        stream.write(f"[cache]\n    dir = {cache_folder(root)}\n")
    # The remotes of today, which the commit may not know; in memory: they can hold credentials.
    today = {"remote": remotes} | ({"core": {"remote": core["remote"]}} if "remote" in core else {})
    with Repo(str(folder), config=today) as repo:
        repo.checkout(allow_missing=True, force=True)
        locked = [item for item in read_lock(folder / "dvc.lock") if item.is_output]
        if all((folder / item.path).exists() for item in locked):
            return ""
        if not repo.config.get("remote"):
            return "not in DVC's cache, and there is no remote"
        try:
            repo.pull(allow_missing=True)
        except DvcException as error:
            return f"not in DVC's cache, and the remote failed ({type(error).__name__})"
    return "neither in DVC's cache nor in its remote"


def uncached(dvc_yaml: str) -> set[str]:
    """The outputs of which a dvc.yaml says `cache: false`."""
    stages: dict[str, Any] = yaml.safe_load(dvc_yaml).get("stages") or {}
    outs = [out for stage in stages.values() for out in stage.get("outs", [])]
    return {
        path
        for out in outs
        if isinstance(out, dict)
        for path, settings in out.items()
        if settings and settings.get("cache") is False
    }


def _from_registry(store: Store, chosen: Version, target: Path, md5: str | None) -> Link:
    """The weights by way of the registry, where DVC has lost them."""
    value = chosen.model_sha256[:SHOWN]
    try:
        source = model_folder(store, chosen.uri)
    except RadimpressError as error:
        return broken(MODEL, value, str(error).partition(";")[0])
    if not source.is_dir() or folder_sha256(source) != chosen.model_sha256:
        return broken(MODEL, value, "neither DVC nor the registry has the weights intact")
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    if folder_sha256(target) != chosen.model_sha256 or (md5 and _md5(target) != md5):
        return broken(MODEL, value, "the registry has other weights than dvc.lock names")
    return holds(MODEL, value, "from the registry")


def _code_agrees(code: Sequence[Locked], folder: Path) -> Link:
    other = [item.path for item in code if _md5(folder / item.path) != item.md5]
    if other:
        return broken("stages", f"{len(code)} paths", f"{other[0]} is not what dvc.lock names")
    return holds("stages", f"{len(code)} paths", "code and conf/ are what dvc.lock names")


def _is_outside(path: str) -> bool:
    pure = PurePath(path)
    return pure.is_absolute() or ".." in pure.parts


def _md5(path: Path) -> str | None:
    if path.is_dir():
        return tree_md5(tree(path, lambda found: found.name in LEFT))
    return file_md5(path) if path.is_file() else None


def _from_workspace(item: Locked, root: Path, folder: Path) -> Link:
    """Copy it, in place of what git or DVC left there."""
    source, target, value = root / item.path, folder / item.path, item.md5[:SHOWN]
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target, ignore=shutil.ignore_patterns(*LEFT))
    else:
        shutil.copy2(source, target)
    if _md5(target) != item.md5:
        return broken(item.path, value, "the workspace changed while it was copied")
    return holds(item.path, value, "from the workspace")
