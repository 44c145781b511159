"""`radimpress lineage`: from an endpoint or alias to the data, every hash computed anew."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from radimpress.cloud.endpoints.record import EndpointRecord
from radimpress.config.schema import Config
from radimpress.health.locked import Locked, read_lock
from radimpress.registry.ledger.ledger import Ledger
from radimpress.registry.lineage.data import SHOWN, code_link, data_links, model_link
from radimpress.registry.lineage.endpoint import Served, served_by
from radimpress.registry.lineage.git_repository import GitRepository
from radimpress.registry.lineage.link import Link, State, broken, holds, unchecked
from radimpress.registry.lineage.recorded import KEPT, Recorded, Sources, lock_file
from radimpress.registry.lineage.sagemaker_endpoint import (
    endpoint_name,
    sagemaker_links,
    served_by_sagemaker,
)
from radimpress.registry.lineage.vault import Vault
from radimpress.registry.versions import CHALLENGER, CHAMPION, Version, champion, version
from radimpress.runtime.errors import RadimpressError
from radimpress.runtime.roots import repository_root
from radimpress.tracking.lineage import PREFIX
from radimpress.tracking.models import kept_folder, model_folder, model_reference
from radimpress.tracking.names import KEY
from radimpress.tracking.runs import COMPLETE
from radimpress.tracking.store import Store, open_store


@dataclass(frozen=True, slots=True)
class Walk:
    """A version and its links, from what users reach down to the raw data."""

    version: Version
    links: tuple[Link, ...]

    @property
    def is_broken(self) -> bool:
        """Whether any link was found broken (one that cannot be checked is not)."""
        return any(link.state is State.broken for link in self.links)


def walk(config: Config, which: str = "", root: Path | None = None) -> Walk:
    """Walk from `which`: a version, an alias, a `models:/` URI, an `http://` server, an endpoint.

    A name that is none of these is a SageMaker endpoint; `sagemaker:NAME` always is. "" is the
    champion, or the challenger where there is no champion yet. Raises RadimpressError where there
    is no such version or the endpoint does not answer.
    """
    store = open_store(config.tracking)
    endpoint, record = served(config, store, which)
    chosen = chosen_version(store, config.tracking.registered_model, which, endpoint)
    links = list(sagemaker_links(config, record, store, chosen)) if record else []
    if endpoint and not record:
        links.append(endpoint_link(endpoint, chosen))
    return Walk(chosen, (*links, *_links(store, chosen, root or repository_root())))


def served(config: Config, store: Store, which: str) -> tuple[Served | None, EndpointRecord | None]:
    """What the server or endpoint `which` serves, and the record of an endpoint; else None."""
    if is_endpoint(which):
        return served_by(which, config.serving.token_variable), None
    if name := endpoint_name(config, store, which):
        return served_by_sagemaker(config, name)
    return None, None


def is_endpoint(which: str) -> bool:
    """Whether `which` is the address of a server."""
    return which.startswith(("http://", "https://"))


def chosen_version(store: Store, name: str, which: str, endpoint: Served | None = None) -> Version:
    """The version that `which`, or the endpoint, stands for. Raises RadimpressError for none."""
    if endpoint is not None:
        return version(store, endpoint.name, endpoint.version)
    if which:
        return version(store, name, which)
    return champion(store, name) or version(store, name, CHALLENGER)


def sources_of(store: Store, chosen: Version, root: Path) -> Sources:
    """Where the recorded files of a version are looked for."""
    commit = chosen.tags.get(f"{PREFIX}git_commit", "")
    return Sources(store, GitRepository(root), chosen.run_id, commit)


def _links(store: Store, chosen: Version, root: Path) -> Iterator[Link]:
    sources, tags = sources_of(store, chosen, root), chosen.tags
    lock_md5 = tags.get(f"{PREFIX}dvc_lock_md5", "")
    fingerprint = tags.get(f"{PREFIX}config_fingerprint", "")
    yield version_link(chosen)
    if CHAMPION in chosen.aliases:
        yield ledger_link(store, chosen)
    lock = sources.lock(lock_md5)
    locked = locked_paths(lock)
    yield _model(store, chosen, locked)
    yield run_link(store, chosen)
    yield config_link(sources.params(fingerprint), fingerprint)
    yield commit_link(sources.repository, sources.commit, tags.get(f"{PREFIX}git_dirty") != "false")
    yield lock_link(lock, lock_md5)
    if locked is None:
        yield unchecked("data", "", "without its dvc.lock nobody can say which data it was")
        return
    yield code_link(locked, sources.repository, sources.commit)
    try:
        vault = Vault(root, sources.repository, sources.commit)
    except RadimpressError as error:
        yield unchecked("data", "", str(error).partition(";")[0])
        return
    yield from data_links(locked, tags, vault)


def endpoint_link(endpoint: Served, chosen: Version) -> Link:
    """Whether the server says that it runs the bytes that were registered."""
    value = endpoint.model_sha256[:SHOWN] or "none"
    if not endpoint.model_sha256 or endpoint.model_sha256 != chosen.model_sha256:
        recorded = chosen.model_sha256[:SHOWN] or "none"
        return broken("endpoint", value, f"version {chosen.number} was registered as {recorded}")
    return holds("endpoint", value, f"{endpoint.url} serves version {chosen.number}")


def version_link(chosen: Version) -> Link:
    """The version itself, with the aliases that stand at it."""
    aliases = ", ".join(chosen.aliases) or "no alias"
    return holds("version", f"{chosen.name} {chosen.number}", f"registered; {aliases}")


def ledger_link(store: Store, chosen: Version) -> Link:
    """Whether the ledger is sound and its last entry made this version champion."""
    chain = Ledger(store, chosen.name).read()
    value = f"entry {chain.head.sequence}" if chain.head else "none"
    if chain.problems:
        return broken("ledger", value, f"{chain.problems[0]} (`radimpress history`)")
    if chain.head is None:
        return broken("ledger", value, "champion by nobody's promotion: the alias was set by hand")
    if chain.head.to_version != chosen.number or chain.head.model_sha256 != chosen.model_sha256:
        return broken("ledger", value, f"made version {chain.head.to_version} champion, not this")
    return holds("ledger", value, f"{chain.head.action} by {chain.head.who}; the chain is sound")


def run_link(store: Store, chosen: Version) -> Link:
    """Whether the run is there, whole, and the one that the version was registered from."""
    from mlflow.exceptions import MlflowException

    value = chosen.run_id[:SHOWN] or "none"
    try:
        run = store.client.get_run(chosen.run_id)
    except MlflowException:
        return broken("run", value, "the tracking store does not have it")
    if run.info.lifecycle_stage == "deleted":
        return broken("run", value, "deleted in the tracking store (`mlflow gc` would remove it)")
    if run.data.tags.get(KEY) != chosen.tags.get(KEY):
        return broken("run", value, "holds other predictions or scores than were registered")
    if run.data.tags.get(COMPLETE) != "true":
        return broken("run", value, "half-written: run `dvc repro --force register`")
    return holds("run", value, f"{run.info.run_name}, whole, with the key of the version")


def config_link(found: Recorded | None, wanted: str) -> Link:
    """Whether a params.yaml is left that gives the recorded fingerprint."""
    return _recorded("configuration", "params.yaml", found, wanted)


def lock_link(found: Recorded | None, wanted: str) -> Link:
    """Whether the dvc.lock with the recorded hash is left."""
    return _recorded("dvc.lock", "dvc.lock", found, wanted)


def commit_link(repository: GitRepository, commit: str, dirty: bool) -> Link:
    """Whether the commit is here and was all there was to the code."""
    value = commit[:SHOWN] or "none"
    if not commit:
        return broken("commit", value, "made outside git")
    if dirty:
        return broken("commit", value, "made with uncommitted changes, which are in no commit")
    if not repository.has(commit):
        return unchecked("commit", value, "not in this clone (try `git fetch --all`)")
    return holds("commit", value, "in this repository; nothing was uncommitted")


def _recorded(name: str, file: str, found: Recorded | None, wanted: str) -> Link:
    value = wanted[:SHOWN] or "none"
    if not wanted:
        return broken(name, value, "the version carries none")
    if found is None:
        return unchecked(name, value, f"no {file} is left in the run, the commit, the workspace")
    if found.agrees:
        return holds(name, value, f"{file} {found.where} gives it")
    if found.where == KEPT:
        return broken(name, value, f"{file} {KEPT} gives another")
    return unchecked(name, value, f"{file} {found.where} gives another, and the run kept none")


def locked_paths(lock: Recorded | None) -> Sequence[Locked] | None:
    """What a dvc.lock names; None where it is not the one that was recorded."""
    if lock is None or not lock.agrees:
        return None
    with tempfile.TemporaryDirectory() as scratch:
        return read_lock(lock_file(lock.text, Path(scratch)))


def _model(store: Store, chosen: Version, locked: Sequence[Locked] | None) -> Link:
    if reference := model_reference(store, chosen.uri):  # dvc.lock then names the reference
        kept = kept_folder(reference.sha256)
        problem = f"by reference at {reference.uri}; `radimpress fetch {chosen.uri}` brings it"
        return model_link(kept if kept.is_dir() else None, chosen.model_sha256, None, problem)
    try:
        folder = model_folder(store, chosen.uri)
    except RadimpressError as error:
        return broken("model", chosen.model_sha256[:SHOWN], str(error).partition(";")[0])
    problem = "" if folder.is_dir() else f"kept by reference at {folder}, which is not here"
    return model_link(folder if not problem else None, chosen.model_sha256, locked, problem)
