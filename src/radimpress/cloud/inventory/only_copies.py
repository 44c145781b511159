"""Models that stand in the registry by reference: the bucket holds the only copy of their weights.

So do models/foundation and models/finetuned of this checkout where they are references.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from radimpress.cloud.session import Session
from radimpress.cloud.storage import Address
from radimpress.config.schema import Tracking
from radimpress.modeling.reference import REFERENCE as FILE
from radimpress.modeling.reference import Reference, read_reference
from radimpress.runtime.errors import next_step
from radimpress.runtime.roots import repository_root
from radimpress.tracking.models import REFERENCE
from radimpress.tracking.store import Store, open_store, redacted

JOBS = "jobs"  # of the bucket: jobs/<key>/output/...


@dataclass(frozen=True, slots=True)
class OnlyCopy:
    """Weights in the project's bucket that are nowhere else, and what refers to them."""

    named: str
    prefix: str  # of the bucket's keys


def only_copies(session: Session, tracking: Tracking) -> tuple[OnlyCopy, ...]:
    """All that the registry of `tracking` and this checkout know of.

    Raises RadimpressError where the registry does not answer: nobody knows then.
    """
    store = open_store(tracking)
    found = [*_registered(store), *_checked_out(repository_root())]
    ours = [(named, Address.of(reference.uri)) for named, reference in found]
    return tuple(
        OnlyCopy(named, _prefix(address.key))
        for named, address in ours
        if address.bucket == session.bucket
    )


def _registered(store: Store) -> Iterator[tuple[str, Reference]]:
    """Of every registered model: this project's may have had other names."""
    from mlflow.exceptions import MlflowException

    token = None
    try:
        while True:
            page = store.client.search_model_versions(page_token=token)
            for version in page:
                if text := version.tags.get(REFERENCE):
                    named = f"{version.name} version {version.version}"
                    yield named, Reference.of(text, f"the tag {REFERENCE} of {named}")
            if not (token := page.token):
                return
    except MlflowException as error:
        raise next_step(
            f"{redacted(store.uri)} does not say which models are registered by reference",
            "bring it back; or add --models to delete them with everything else",
        ) from error


def _checked_out(root: Path) -> Iterator[tuple[str, Reference]]:
    for path in sorted(root.glob(f"models/*/{FILE}")):
        if reference := read_reference(path.parent):
            yield path.parent.relative_to(root).as_posix(), reference


def _prefix(key: str) -> str:
    """A job's whole output goes with its model: a rerun looks there for the manifest."""
    parts = key.split("/")
    return "/".join([*parts[:2], "output", ""]) if parts[0] == JOBS else key
