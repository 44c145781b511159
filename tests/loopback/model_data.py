"""A model's files from S3, as SageMaker lays them under /opt/ml/model."""

import tarfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

from loopback.buckets import keys, read, split
from loopback.call import Refusal


class NoModelData(Exception):  # noqa: N818  what AWS says is in the message
    """A model's data cannot be had; the message is a FailureReason."""


def fetch_model(container: Mapping[str, Any], into: Path) -> None:
    """Lay out what `container` (of a model) names, which may be nothing. Raises NoModelData."""
    into.mkdir(parents=True)
    uri, source = uri_of(container), _source(container)
    if not uri:
        return
    try:
        if source.get("S3DataType") == "S3Prefix":
            _fetch_prefix(uri, into)
        elif source.get("CompressionType") == "None":
            (into / uri.rsplit("/", 1)[-1]).write_bytes(read(uri))
        else:
            with tarfile.open(fileobj=BytesIO(read(uri)), mode="r:gz") as tar:
                tar.extractall(into, filter="data")
    except Refusal as refusal:
        raise NoModelData(f"Failed to download model data: {refusal.message}") from refusal
    except (tarfile.TarError, EOFError, OSError) as error:
        told = f"Failed to extract model data archive from URL {uri}: {type(error).__name__}"
        raise NoModelData(told) from error


def uri_of(container: Mapping[str, Any]) -> str:
    """Where in S3 a container's data lie; "" where it has none."""
    return str(_source(container).get("S3Uri") or container.get("ModelDataUrl") or "")


def is_there(container: Mapping[str, Any]) -> bool:
    """Whether the data that `container` names can be found; True where it names none."""
    uri = uri_of(container)
    try:
        return not uri or bool(keys(uri))
    except Refusal:
        return False


def _source(container: Mapping[str, Any]) -> Mapping[str, Any]:
    source: Mapping[str, Any] = (container.get("ModelDataSource") or {}).get("S3DataSource") or {}
    return source


def _fetch_prefix(uri: str, into: Path) -> None:
    if not uri.endswith("/"):
        raise NoModelData(f"S3Uri {uri} of an S3Prefix must end with a slash")
    bucket, prefix = split(uri)
    found = keys(uri)
    if not found:
        raise NoModelData(f"Could not find model data at {uri}.")
    for key in found:
        name = PurePosixPath(key.removeprefix(prefix))
        if key.endswith("/") or ".." in name.parts or not name.parts:
            raise NoModelData(f"s3://{bucket}/{key} is no file name of a model")
        path = into / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(read(f"s3://{bucket}/{key}"))
