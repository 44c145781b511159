"""dvc.lock and params.yaml as they were when a version was registered, wherever they survive."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from radimpress.config.fingerprint import mapping_fingerprint, result_fingerprint
from radimpress.config.load import typed
from radimpress.registry.lineage.git_repository import GitRepository
from radimpress.runtime.errors import RadimpressError
from radimpress.tracking.dvc_lock import before_register, lock_md5
from radimpress.tracking.lineage import KEPT_LOCK, KEPT_PARAMS
from radimpress.tracking.store import Store

KEPT, COMMITTED, PRESENT = "kept with the run", "in git at the commit", "in the workspace"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A text that was found, where, and whether its hash is the one that was recorded."""

    text: str
    where: str
    agrees: bool


@dataclass(frozen=True, slots=True)
class Sources:
    """Where recorded files are looked for."""

    store: Store
    repository: GitRepository
    run: str
    commit: str

    def lock(self, md5: str) -> Recorded | None:
        """The dvc.lock with this hash, or the first that was found, or None."""
        return self._find(KEPT_LOCK, "dvc.lock", lambda text: lock_md5(text) == md5)

    def params(self, wanted: str) -> Recorded | None:
        """The params.yaml whose configuration has this fingerprint, or the first found, or None."""
        return self._find(KEPT_PARAMS, "params.yaml", lambda text: wanted in fingerprints(text))

    def _find(self, artifact: str, name: str, fits: Callable[[str], bool]) -> Recorded | None:
        found = [Recorded(text, where, fits(text)) for text, where in self._texts(artifact, name)]
        return next((each for each in found if each.agrees), found[0] if found else None)

    def _texts(self, artifact: str, name: str) -> Iterator[tuple[str, str]]:
        if kept := artifact_text(self.store, self.run, artifact):
            yield kept, KEPT
        if committed := self.repository.text(self.commit, name) if self.commit else None:
            yield committed, COMMITTED
        present = self.repository.root / name
        if present.is_file():
            yield present.read_text(encoding="utf-8"), PRESENT


def fingerprints(text: str) -> set[str]:
    """The fingerprints that a params.yaml stands for; empty for a text that is none.

    Usually one. Where the schema has gained fields since, the typed configuration has another
    fingerprint than the mapping as it was composed: either may be the recorded one.
    """
    try:
        raw = yaml.safe_load(text)
        plain = mapping_fingerprint(raw)
    except (yaml.YAMLError, AttributeError, TypeError):
        return set()
    try:
        return {plain, result_fingerprint(typed(raw, "params.yaml"))}
    except RadimpressError:  # written for another schema
        return {plain}


def artifact_text(store: Store, run: str, path: str) -> str | None:
    """A text artifact of a run, or None where the run keeps none."""
    from mlflow.exceptions import MlflowException

    if not run:
        return None
    with tempfile.TemporaryDirectory() as scratch:
        try:
            found = store.client.download_artifacts(run, path, scratch)
            return Path(found).read_text(encoding="utf-8")
        except (MlflowException, OSError, UnicodeDecodeError):
            return None


def lock_file(text: str, folder: Path) -> Path:
    """Write a lock's text below `folder`, for `radimpress.health.locked.read_lock`."""
    path = folder / "dvc.lock"
    path.write_text(before_register(text), encoding="utf-8")
    return path
