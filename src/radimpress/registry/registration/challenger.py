"""Registers a model as `challenger`: one version for one content, whoever asks how often."""

import contextlib
import io
from collections.abc import Mapping
from pathlib import Path

from radimpress.config.schema import ModelStorage
from radimpress.modeling.reference import Reference, read_reference
from radimpress.registry.versions import CHALLENGER
from radimpress.tracking.models import REFERENCE, keep_by_content, log_model
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
    else the folder is logged to `run` and a version made; one that only refers to its weights is a
    version whose source is their address. A version made with uncommitted changes takes the lineage
    of the commit that has them. Returns the version number.
    """
    version, reference = find_version(store, name, content), read_reference(folder)
    if version is None and reference:
        version = _refer(store, name, run, reference, {**tags, CONTENT: content})
    elif version is None:
        import mlflow

        uri = log_model(store, experiment, run, folder, storage)
        with _quiet():
            made = mlflow.register_model(
                uri, name, await_registration_for=0, tags={**tags, CONTENT: content}
            )
        version = str(made.version)
    known = store.client.get_model_version(name, version)
    if known.tags.get(REFERENCE):
        if reference is None:  # the very weights are here now
            keep_by_content(folder)
        elif known.tags[REFERENCE] != reference.text:  # another job has made the same again
            store.client.set_model_version_tag(name, version, REFERENCE, reference.text)
    renewed = cleaner(known.tags, tags)
    if renewed:
        for tag, value in tags.items():
            store.client.set_model_version_tag(name, version, tag, value)
    if renewed or not known.description:  # a kill may have come before the card
        store.client.update_model_version(name, version, description=card)
    store.client.set_registered_model_alias(name, CHALLENGER, version)
    return version


def _refer(store: Store, name: str, run: str, reference: Reference, tags: Mapping[str, str]) -> str:
    """A version whose weights stay in S3. Nothing is copied, and AWS is not asked."""
    from mlflow.exceptions import MlflowException

    try:
        store.client.create_registered_model(name)
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    made = store.client.create_model_version(
        name,
        reference.uri,
        run_id=run,
        tags={**tags, REFERENCE: reference.text},
        await_creation_for=0,
    )
    return str(made.version)


def find_version(store: Store, name: str, content: str) -> str | None:
    """The newest version of `name` with this content, or None."""
    query = f"name = '{name}' and tags.`{CONTENT}` = '{content}'"
    found = store.client.search_model_versions(query)
    return max((str(v.version) for v in found), key=int, default=None)


def _quiet() -> contextlib.AbstractContextManager[object]:
    """mlflow.register_model prints to stderr with no way to ask it not to."""
    return contextlib.redirect_stderr(io.StringIO())
