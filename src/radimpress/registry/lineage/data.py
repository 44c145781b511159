"""The links from dvc.lock on: the code, the data and the weights that it names."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from radimpress.health.hashing import tree, tree_md5
from radimpress.health.locked import Locked
from radimpress.modeling.reference import model_sha256
from radimpress.registry.lineage.git_repository import GitRepository
from radimpress.registry.lineage.link import Link, State, broken, holds, unchecked
from radimpress.registry.lineage.vault import Vault
from radimpress.runtime.digests import file_md5, folder_sha256
from radimpress.tracking.lineage import PREFIX

CODE = ("src/", "pipelines/", "conf")
DATA = {"clean": "data/clean", "splits": "data/splits", "foundation": "models/foundation"}
MODEL = "models/finetuned"
SHOWN = 12  # digits of a hash


def code_link(locked: Sequence[Locked], repository: GitRepository, commit: str) -> Link:
    """Whether the commit holds the very code and conf/ that dvc.lock says the stages ran with."""
    code = [item for item in locked if is_code(item)]
    value = f"{len(code)} paths"
    if not repository.has(commit):
        return unchecked("code", value, "the commit is not in this clone")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        repository.export(commit, [item.path for item in code], folder)
        other = [item.path for item in code if _md5(folder / item.path, item) != item.md5]
    if other:
        return broken("code", value, f"{_some(other)} at the commit: not what dvc.lock names")
    return holds("code", value, "the commit holds what dvc.lock says the stages ran with")


def data_links(locked: Sequence[Locked], tags: Mapping[str, str], vault: Vault) -> Iterator[Link]:
    """Raw data, clean reports, splits and foundation: found, hashed, compared with the tags."""
    for item in locked:
        if is_raw(item):
            seen = vault.find(item)
            yield Link("raw data", item.md5[:SHOWN], seen.state, f"{_name(item)}: {seen.where}")
    for name, path in DATA.items():
        found = named(locked, path)
        if found is None:
            yield broken(name, "none", f"dvc.lock names no {path}")
            continue
        seen = vault.find(found)
        state, why = seen.state, f"{path}: {seen.where}"
        if state is State.holds and (problem := _against_tags(name, found, tags, vault)):
            state, why = State.broken, problem
        yield Link(name, found.md5[:SHOWN], state, why)


def model_link(
    folder: Path | None, recorded: str, locked: Sequence[Locked] | None, problem: str
) -> Link:
    """The registered weights: hashed anew, and compared with what dvc.lock says was trained.

    `folder` is None where the weights cannot be read here, `problem` then says why.
    """
    value = recorded[:SHOWN] or "none"
    if not recorded:
        return broken("model", value, "the version carries no hash of its weights")
    if folder is None:
        return unchecked("model", value, problem)
    if (seen := folder_sha256(folder)) != recorded:
        return broken("model", value, f"the registered weights give {seen[:SHOWN]}")
    trained = named(locked, MODEL) if locked is not None else None
    if trained is None:
        return holds("model", value, "the registered weights give it")
    if tree_md5(tree(folder, lambda _: False)) != trained.md5:
        return broken("model", value, f"{MODEL} of dvc.lock is another: {trained.md5[:SHOWN]}")
    return holds("model", value, f"the registered weights give it and are {MODEL} of dvc.lock")


def is_code(item: Locked) -> bool:
    """Whether a path of dvc.lock is code or configuration, which git keeps."""
    return not item.is_output and item.path.startswith(CODE)


def is_raw(item: Locked) -> bool:
    """Whether a path of dvc.lock is raw data: read by a stage, written by none."""
    return not item.is_output and not is_code(item)


def named(locked: Sequence[Locked], path: str) -> Locked | None:
    """The entry of a path."""
    return next((item for item in locked if item.path == path), None)


def _against_tags(name: str, item: Locked, tags: Mapping[str, str], vault: Vault) -> str:
    """What the version's own hashes say against this folder; "" where they agree."""
    if name == "splits":
        entries = vault.entries(item) or {}
        start, end = f"{PREFIX}split.", "_md5"
        recorded = {
            tag.removeprefix(start).removesuffix(end): md5
            for tag, md5 in tags.items()
            if tag.startswith(start) and tag.endswith(end)
        }
        other = [split for split, md5 in recorded.items() if entries.get(f"{split}.parquet") != md5]
        if not recorded:
            return "the version carries no hash of a split"
        return f"{_some(other)} of dvc.lock: not the split that was registered" if other else ""
    if name == "foundation":
        recorded_sha256 = tags.get(f"{PREFIX}foundation_sha256", "")
        with tempfile.TemporaryDirectory() as scratch:
            folder = vault.folder(item, Path(scratch))
            if folder and model_sha256(folder) != recorded_sha256:
                return f"{item.path} of dvc.lock: not the foundation that was registered"
    return ""


def _md5(path: Path, item: Locked) -> str | None:
    if item.is_folder:
        return tree_md5(tree(path, lambda _: False)) if path.is_dir() else None
    return file_md5(path) if path.is_file() else None


def _name(item: Locked) -> str:
    return Path(item.path).name


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - 2} more" if len(names) > 2 else ""
    return ", ".join(names[:2]) + more
