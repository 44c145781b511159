"""Opens the MLflow store: local SQLite by default, any tracking URI where one is set."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from filelock import FileLock

from radimpress.config.schema import Tracking
from radimpress.runtime.errors import next_step
from radimpress.runtime.roots import mlruns_root
from radimpress.tracking import shared_view

if TYPE_CHECKING:
    from mlflow import MlflowClient

LOCK_SECONDS = 120
REACHED = "MLFLOW_TRACKING_URI"  # set in a job: it reaches the store itself
LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Store:
    """An open tracking store and registry."""

    uri: str
    client: "MlflowClient"
    artifacts: str | None  # where new experiments put artifacts; None: the server decides

    @property
    def is_local(self) -> bool:
        """Whether it is the SQLite file of this repository."""
        return self.artifacts is not None

    def experiment(self, name: str, note: str, view: str = "") -> str:
        """The id of experiment `name`, made if new.

        `note` is shown on top of its page; `view` is what `radimpress ui` opens
        (`tracking.shared_view`).
        """
        from mlflow.exceptions import MlflowException

        found = self.client.get_experiment_by_name(name)
        if found is None:
            location = f"{self.artifacts}/{name}" if self.artifacts else None
            try:
                identity = self.client.create_experiment(name, artifact_location=location)
            except MlflowException:  # somebody else made it in between
                found = self.client.get_experiment_by_name(name)
                if found is None:
                    raise
            else:
                found = self.client.get_experiment(identity)
        if found.lifecycle_stage == "deleted":
            raise next_step(
                f"the MLflow experiment {name!r} was deleted",
                f"restore it (`mlflow experiments restore -x {found.experiment_id}`) "
                "or set tracking.experiment to another name",
            )
        for tag, value in {"mlflow.note.content": note, shared_view.TAG: view}.items():
            if value and found.tags.get(tag) != value:
                self.client.set_experiment_tag(found.experiment_id, tag, value)
        return str(found.experiment_id)


def tracking_uri(tracking: Tracking) -> str:
    """`tracking.uri`, else MLFLOW_TRACKING_URI, else SQLite below the repository root."""
    named = tracking.uri or os.environ.get("MLFLOW_TRACKING_URI")
    return named or f"sqlite:///{mlruns_root() / 'mlflow.db'}"


def shared_uri(tracking: Tracking, same_machine: bool = False) -> str | None:
    """The tracking URI where another machine reaches it too: a server's, or a SageMaker ARN.

    None for the local store, for a server on this machine (unless `same_machine`), and for an
    address that holds a password: it would have to be sent along for all to see.
    """
    uri = tracking_uri(tracking)
    if uri.startswith("arn:"):
        return uri
    parts = urlsplit(uri)
    if parts.scheme not in ("http", "https") or parts.username or parts.password:
        return None
    return uri if same_machine or parts.hostname not in LOCAL_HOSTS else None


def open_store(tracking: Tracking) -> Store:
    """Open the store, making the local one if need be.

    Several processes that open a new SQLite store at once corrupt it for good (its migrations
    race), so the first use is behind a file lock. Raises RadimpressError for a store that does
    not answer.
    """
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    uri = tracking_uri(tracking)
    import mlflow
    from mlflow.exceptions import MlflowException

    _hush()
    local = uri == f"sqlite:///{mlruns_root() / 'mlflow.db'}"
    with _first_use(local):
        mlflow.set_tracking_uri(uri)
        mlflow.set_registry_uri(uri)
        client = mlflow.MlflowClient(uri, registry_uri=uri)
        try:
            client.search_experiments(max_results=1)
        except (MlflowException, OSError) as error:
            raise next_step(
                f"the MLflow store {redacted(uri)} does not answer ({type(error).__name__})",
                "check tracking.uri and MLFLOW_TRACKING_URI; a broken local store can be moved "
                "away (mv mlruns/mlflow.db mlruns/broken.db), the next run makes a new one",
            ) from error
    return Store(uri, client, str(mlruns_root() / "artifacts") if local else None)


def redacted(uri: str) -> str:
    """`uri` without a user name or password, for messages."""
    scheme, mark, rest = uri.partition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}" if mark else uri


@contextmanager
def _first_use(local: bool) -> Iterator[None]:
    if not local:
        yield
        return
    root: Path = mlruns_root()
    root.mkdir(parents=True, exist_ok=True)
    with FileLock(root / ".opening.lock", timeout=LOCK_SECONDS):
        yield


def _hush() -> None:
    """MLflow and Alembic narrate every migration; sagemaker-mlflow warns on every request."""
    for name in ("alembic", "mlflow.store.db.utils", "mlflow.tracking.request_header.registry"):
        logging.getLogger(name).setLevel(logging.ERROR)
    for name in ("mlflow.models.model", "mlflow.pyfunc", "mlflow.utils.requirements_utils"):
        logging.getLogger(name).setLevel(logging.ERROR)
