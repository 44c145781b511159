"""Whether a candidate is what the registry says: the links that promotion asks for, checked here.

`radimpress lineage` walks on from these to the raw data; promotion needs the model and the split
that judges it, byte for byte, and a record from which the rest can be found.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from radimpress.modeling.reference import model_sha256
from radimpress.registry.lineage.data import SHOWN, code_link, model_link
from radimpress.registry.lineage.link import Link, State, broken, holds
from radimpress.registry.lineage.recorded import Sources
from radimpress.registry.lineage.walk import commit_link, lock_link, locked_paths
from radimpress.runtime.digests import file_md5
from radimpress.tracking.lineage import PREFIX

NEEDED = (
    *("model_sha256", "key", "content", "git_commit", "git_dirty"),
    *("dvc_lock_md5", "config_fingerprint", "foundation_sha256"),
)
MODEL = "model"
ALLOWED = "in this repository; uncommitted changes are let pass by promotion.lineage.clean_commit"


@dataclass(frozen=True, slots=True)
class Provenance:
    """The links in order. `measurable` is false where the model or the split that judges it is not
    what was registered: whatever would be measured then says nothing of the candidate.
    """

    links: tuple[Link, ...]
    measurable: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a version's tags: `split` judges it; `clean`: no uncommitted changes."""

    split: str
    clean: bool


def trace(tags: Mapping[str, str], folder: Path, sources: Sources, asked: Asked) -> Provenance:
    """Check the links of the version with these tags and this model folder.

    Hashes are computed anew from the workspace at `sources.repository.root`. A link that cannot be
    checked there does not hold: what is promoted must be traceable where it is promoted.
    """
    known = {key.removeprefix(PREFIX): value for key, value in tags.items()}
    links = tuple(_links(known, folder, sources, asked))
    decisive = (MODEL, _data(asked.split))
    return Provenance(
        links, all(link.state is State.holds for link in links if link.name in decisive)
    )


def _links(tags: Mapping[str, str], folder: Path, sources: Sources, asked: Asked) -> Iterator[Link]:
    root, dirty = sources.repository.root, tags.get("git_dirty") != "false"
    splits = tuple(dict.fromkeys(("train", "validation", asked.split)))
    yield _tags_link(tags, splits)
    commit = commit_link(sources.repository, tags.get("git_commit", ""), dirty and asked.clean)
    yield replace(commit, why=ALLOWED) if dirty and commit.state is State.holds else commit
    lock = tags.get("dvc_lock_md5", "")
    found = sources.lock(lock)
    yield lock_link(found, lock)
    locked = locked_paths(found)
    if locked is not None and not (dirty and not asked.clean):
        yield code_link(locked, sources.repository, tags.get("git_commit", ""))
    for split in splits:
        yield _data_link(split, tags.get(_tag(split), ""), root)
    yield _foundation_link(tags.get("foundation_sha256", ""), root / "models" / "foundation")
    missing = "" if folder.is_dir() else f"its folder {folder} is not here"
    recorded = tags.get("model_sha256", "")
    yield model_link(folder if not missing else None, recorded, None, missing)


def _tags_link(tags: Mapping[str, str], splits: tuple[str, ...]) -> Link:
    needed = (*NEEDED, *(_tag(split) for split in splits))
    missing = [name for name in needed if not tags.get(name)]
    value = f"{len(needed) - len(missing)} of {len(needed)}"
    if missing:
        return broken("tags", value, f"without {', '.join(missing)}; register it with `dvc repro`")
    return holds("tags", value, "every tag that `register` writes is there")


def _data_link(split: str, recorded: str, root: Path) -> Link:
    path, value = root / "data" / "splits" / f"{split}.parquet", recorded[:SHOWN] or "none"
    here = file_md5(path) if path.is_file() else "missing"
    if recorded and here == recorded:
        return holds(_data(split), value, "the file here is the one that was registered")
    return broken(
        _data(split),
        value,
        f"{path.name} is {here[:SHOWN]} here; check the version's commit out, run `dvc checkout`",
    )


def _foundation_link(recorded: str, folder: Path) -> Link:
    """A foundation that is not here breaks nothing: the weights made from it are checked too."""
    value = recorded[:SHOWN] or "none"
    if not folder.is_dir():
        return holds("foundation", value, "recorded; models/foundation is not here")
    if model_sha256(folder) == recorded:
        return holds("foundation", value, "models/foundation gives it")
    return broken("foundation", value, "models/foundation is another; check its commit out")


def _data(split: str) -> str:
    return f"{split} data"


def _tag(split: str) -> str:
    return f"split.{split}_md5"
