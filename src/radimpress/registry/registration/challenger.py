"""Registers a model as `challenger`: one version for one content, whoever asks how often."""

import contextlib
import io
from collections.abc import Mapping
from pathlib import Path

from radimpress.config.schema import ModelStorage
from radimpress.registry.versions import CHALLENGER
from radimpress.tracking.models import log_model
from radimpress.tracking.runs import cleaner
from radimpress.tracking.store import Store

CONTENT = "radimpress.content"


def register_challenger(
    store: Store,
    name: str,
    folder: Path,
    content: str,
    experiment: str,
    run: str,
    storage: ModelStorage,
    card: str,
    tags: Mapping[str, str],
) -> str:
    """The version of registered model `name` whose content is `content`, now alias `challenger`.

    `content` names the weights and what was measured of them; a version that carries it is taken,
    else the folder is logged to `run` and a version made. A version made with uncommitted changes
    takes the lineage of the commit that has them. Returns the version number.
    """
    version = find_version(store, name, content)
    if version is None:
        import mlflow

        uri = log_model(store, experiment, run, folder, storage)
        with _quiet():
            made = mlflow.register_model(
                uri, name, await_registration_for=0, tags={**tags, CONTENT: content}
            )
        version = str(made.version)
    known = store.client.get_model_version(name, version)
    renewed = cleaner(known.tags, tags)
    if renewed:
        for tag, value in tags.items():
            store.client.set_model_version_tag(name, version, tag, value)
    if renewed or not known.description:  # a kill may have come before the card
        store.client.update_model_version(name, version, description=card)
    store.client.set_registered_model_alias(name, CHALLENGER, version)
    return version


def find_version(store: Store, name: str, content: str) -> str | None:
    """The newest version of `name` with this content, or None."""
    query = f"name = '{name}' and tags.`{CONTENT}` = '{content}'"
    found = store.client.search_model_versions(query)
    return max((str(v.version) for v in found), key=int, default=None)


def _quiet() -> contextlib.AbstractContextManager[object]:
    """mlflow.register_model prints to stderr with no way to ask it not to."""
    return contextlib.redirect_stderr(io.StringIO())
