"""Where a served model comes from: the registry, a model folder, or a package of one."""

import json
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from radimpress.config.cloud import Cloud
from radimpress.config.serving import Engine
from radimpress.modeling.reference import read_reference
from radimpress.runtime.digests import folder_sha256
from radimpress.runtime.errors import next_step
from radimpress.serving.facts import packaged_facts, registered_facts
from radimpress.serving.golden import check_golden
from radimpress.serving.package import LINEAGE, MANIFEST, MODEL_SHA256, unpack
from radimpress.serving.served_model import Facts, Identity, ServedModel
from radimpress.tracking.lineage import PREFIX
from radimpress.tracking.store import redacted

if TYPE_CHECKING:
    from radimpress.tracking.store import Store

URI = re.compile(r"^models:/(?P<name>[^/@]+)(?:@(?P<alias>[^/@]+)|/(?P<version>\d+))$")


@dataclass(frozen=True, slots=True)
class Running:
    """How a model is run, whichever it is."""

    engine: Engine
    threads: int


class Source(Protocol):
    """Something that a model can be loaded from, now and again."""

    follows: bool  # whether `find` may name another version later

    def find(self) -> str:
        """The version to serve now. Raises RadimpressError, or what a store raises, where none."""

    def load(self, version: str) -> ServedModel:
        """Load `version` and have it answer the golden requests. Raises RadimpressError."""


class FolderSource:
    """A model folder, or a package (model.tar.gz, or the folder of one unpacked)."""

    follows = False

    def __init__(self, path: Path, running: Running, cloud: Cloud | None = None) -> None:
        self._path, self._running, self._cloud = path, running, cloud or Cloud()
        # Unpacked weights may be mapped into memory: they stay as long as the process does.
        self._scratch = tempfile.TemporaryDirectory(prefix="radimpress-")

    def find(self) -> str:
        """A folder has one version, named by its hash once it is read."""
        return ""

    def load(self, version: str) -> ServedModel:  # noqa: ARG002  # there is only one
        """Take the folder as it is, or check the package against its manifest first."""
        if not self._path.exists():
            step = "name a model folder (models/finetuned), a package, or models:/NAME@ALIAS"
            raise next_step(f"{self._path} is missing", step)
        folder, lineage = self._path, {}
        if read_reference(folder):
            from radimpress.cloud.fetched_models import fetched_folder

            folder = fetched_folder(folder, self._cloud)
        elif self._path.is_file() or (self._path / MANIFEST).is_file():
            folder = unpack(self._path, Path(self._scratch.name) / "model")
            lineage = json.loads((folder / LINEAGE).read_text(encoding="utf-8"))
        sha256 = lineage.get(MODEL_SHA256) or folder_sha256(folder)
        name = lineage.get(f"{PREFIX}registered_model") or self._path.resolve().name
        number = lineage.get(f"{PREFIX}version") or sha256[:12]
        return load(folder, self._running, name, number, sha256, packaged_facts(lineage))


class RegistrySource:
    """`models:/NAME@ALIAS`, which moves, or `models:/NAME/7`, which does not."""

    def __init__(
        self,
        uri: str,
        running: Running,
        open_store: "Callable[[], Store]",
        cloud: Cloud | None = None,
    ) -> None:
        matched = URI.match(uri)
        if matched is None:
            raise next_step(
                f"{uri} is no model to serve",
                "give models:/NAME@ALIAS, models:/NAME/VERSION, a model folder or a package",
            )
        self._uri, self._name = uri, matched["name"]
        self._alias, self._version = matched["alias"], matched["version"]
        self._running, self._open_store, self._cloud = running, open_store, cloud or Cloud()
        self._store: Store | None = None
        self.follows = self._alias is not None

    def find(self) -> str:
        """The version that the alias stands at, or the one that was named."""
        if self._alias is None:
            return str(self._version)
        from mlflow.exceptions import MlflowException

        client = self._opened().client
        try:
            return str(client.get_model_version_by_alias(self._name, self._alias).version)
        except MlflowException as error:
            if error.error_code not in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
                raise
            raise next_step(
                f"{self._uri} does not exist in {redacted(self._opened().uri)}",
                "give a first champion with `radimpress promote`, or serve "
                f"--model models:/{self._name}@challenger",
            ) from error

    def load(self, version: str) -> ServedModel:
        """Fetch a version, hash it against its record, and load it."""
        from radimpress.cloud.fetched_models import fetched_model

        store = self._opened()
        uri = f"models:/{self._name}/{version}"
        folder = fetched_model(store, uri, self._cloud)
        found = store.client.get_model_version(self._name, version)
        sha256 = folder_sha256(folder)
        recorded = found.tags.get(MODEL_SHA256)
        if recorded and recorded != sha256:
            raise next_step(
                f"{uri} is not what was registered: {folder} has sha256 {sha256[:12]}, recorded is "
                f"{recorded[:12]}",
                "restore its files from a backup, or promote another version",
            )
        return load(
            folder, self._running, self._name, version, sha256, registered_facts(store, found)
        )

    def _opened(self) -> "Store":
        self._store = self._store or self._open_store()
        return self._store


def source(
    model: str, running: Running, open_store: "Callable[[], Store]", cloud: Cloud | None = None
) -> Source:
    """The source that `model` names; `open_store` is called only where it is in a registry.

    `cloud` is the account that weights kept by reference are fetched from.
    """
    if model.startswith(("models:", "runs:")):
        return RegistrySource(model, running, open_store, cloud)
    return FolderSource(Path(model), running, cloud)


def load(
    folder: Path, running: Running, name: str, version: str, sha256: str, facts: Facts
) -> ServedModel:
    """Load `folder` and ask the golden requests. Raises RadimpressError where either fails."""
    from radimpress.modeling.summarizer import Summarizer

    summarizer = Summarizer.from_folder(folder, engine=running.engine, threads=running.threads)
    loaded = ServedModel(
        identity=Identity(name, version, summarizer.recipe.fingerprint, sha256),
        facts=facts,
        engine=summarizer.engine.value,
        loaded_at=datetime.now(UTC).isoformat(timespec="seconds"),
        summarizer=summarizer,
    )
    check_golden(loaded.write)
    return loaded
