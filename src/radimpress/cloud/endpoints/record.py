"""What an endpoint itself says of where it comes from: read only, believed by nobody yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from radimpress.cloud.endpoints.packaged_model import LARGE
from radimpress.cloud.endpoints.parts import ARCHIVE, data_folder, model_data
from radimpress.cloud.endpoints.state import described_config, described_model, look
from radimpress.cloud.endpoints.tags import tags_of
from radimpress.cloud.session import Session
from radimpress.cloud.storage import get_folder, manifest, objects
from radimpress.runtime.digests import names_sha256
from radimpress.runtime.errors import RadimpressError, next_step


@dataclass(frozen=True, slots=True)
class EndpointRecord:
    """An endpoint, the configuration that it serves with, and the data of its model."""

    name: str
    status: str
    tags: Mapping[str, str]
    config: str
    config_tags: Mapping[str, str]  # empty where the configuration was deleted
    model: str  # "" where it was deleted
    data: str  # S3 address; "" where there is no model


@dataclass(frozen=True, slots=True)
class ModelData:
    """A model's data in S3 as they lie there now."""

    sha256: str  # of the folder, from its manifest: its own name says it too
    problem: str = ""  # what is missing or changed
    fetched: Path | None = None  # where they were downloaded and hashed anew
    bytes: int = 0


def endpoint_record(session: Session, name: str) -> EndpointRecord:
    """Read endpoint `name`. Raises RadimpressError where there is none."""
    seen = look(session, name)
    if seen is None:
        raise next_step(
            f"there is no endpoint {name!r} in {session.region}",
            "`radimpress cloud status` lists them; `radimpress deploy` makes one",
        )
    config = described_config(session, seen.config)
    arn = str(config["EndpointConfigArn"]) if config else ""
    model_name = str(config["ProductionVariants"][0].get("ModelName", "")) if config else ""
    model = described_model(session, model_name) if model_name else None
    return EndpointRecord(
        name,
        seen.status,
        tags_of(session, seen.arn),
        seen.config,
        tags_of(session, arn) if arn else {},
        model_name if model else "",
        model_data(model) if model else "",
    )


def fetched_data(session: Session, uri: str, into: Path) -> ModelData:
    """The data of a model at `uri`, downloaded below `into` and hashed file by file.

    Large ones stay where they are: only their manifest is held against the folder's name and the
    objects that are there.
    """
    folder = data_folder(uri)
    try:
        digests = manifest(session, folder)
        sha256 = names_sha256(digests)
        sizes = objects(session, folder)
    except RadimpressError as error:
        return ModelData("", str(error).partition("; next: ")[0])
    total = sum(sizes.values())
    if sha256 != folder.rpartition("/")[2]:
        return ModelData(sha256, "the manifest is not that of this folder", bytes=total)
    if missing := sorted(set(digests) - set(sizes)):
        return ModelData(sha256, f"{missing[0]} is gone", bytes=total)
    if total > LARGE:
        return ModelData(sha256, bytes=total)
    try:
        get_folder(session, folder, into / "data")
    except RadimpressError as error:
        return ModelData(sha256, str(error).partition("; next: ")[0], bytes=total)
    found = into / "data"
    return ModelData(sha256, "", found / ARCHIVE if ARCHIVE in digests else found, total)
