"""Models whose weights stayed in S3, brought here once when something here needs them."""

from pathlib import Path

from radimpress.cloud.session import open_session
from radimpress.cloud.storage import get_files, objects
from radimpress.config.cloud import Cloud
from radimpress.modeling.reference import Reference, read_reference
from radimpress.runtime.errors import next_step
from radimpress.tracking.models import kept_folder, model_folder, model_reference
from radimpress.tracking.store import Store


def fetched(reference: Reference, cloud: Cloud) -> Path:
    """The model folder behind `reference`: downloaded to models/kept unless it is there.

    Whole or not at all; the sha256 of every file is checked on the way. AWS is asked for nothing
    where it is there.
    """
    kept = kept_folder(reference.sha256)
    if not kept.is_dir():
        get_files(open_session(cloud), reference.uri, reference.files, kept)
    return kept


def fetched_folder(folder: Path, cloud: Cloud) -> Path:
    """`folder` itself, or where its weights are elsewhere, the model it refers to."""
    reference = read_reference(folder)
    return fetched(reference, cloud) if reference else folder


def fetched_model(store: Store, uri: str, cloud: Cloud) -> Path:
    """As `tracking.models.model_folder`, and a model by reference is downloaded."""
    reference = model_reference(store, uri)
    return fetched(reference, cloud) if reference else model_folder(store, uri)


def stored_bytes(reference: Reference, cloud: Cloud) -> int:
    """The size of the model in S3. Raises RadimpressError where a file of it is gone."""
    found = objects(open_session(cloud), reference.uri)
    if gone := sorted(set(reference.files) - set(found)):
        raise next_step(
            f"{gone[0]} is gone from {reference.uri}",
            "train it again (`dvc repro -f -s train`), or name another version",
        )
    return sum(found[name] for name in reference.files)
