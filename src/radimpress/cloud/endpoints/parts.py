"""What an endpoint is made of: the package in S3, the model, the endpoint configuration.

Each is made where it is missing and taken where it is there: their names are made of their
contents.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from radimpress.cloud.endpoints.config import (
    Names,
    Place,
    config_request,
    config_tags,
    model_request,
)
from radimpress.cloud.endpoints.packaged_model import PackagedModel
from radimpress.cloud.endpoints.state import described_config, described_model, is_there_already
from radimpress.cloud.refusals import spoken
from radimpress.cloud.session import Session
from radimpress.cloud.storage import exists, put_files, put_folder
from radimpress.cloud.stored_copy import copy_folder
from radimpress.config.deployment import Deployment

ARCHIVE = "model.tar.gz"
FOLDER = "models"  # of the bucket


def make_parts(
    session: Session,
    place: Place,
    deployment: Deployment,
    package: PackagedModel,
    named: Names,
    commit: str,
) -> None:
    """Make whatever of the parts is missing."""
    model = described_model(session, named.model)
    if model is None or not _is_whole(session, model):
        data = _upload(session, package)
        if model is None:
            request = model_request(place, deployment, package, named.model, data)
            request["Tags"] = config_tags(place, "model", package, commit)
            _create(session, "create_model", request, named.model)
    if described_config(session, named.config) is None:
        request = config_request(place, deployment, named)
        request["Tags"] = config_tags(place, "endpoint-config", package, commit)
        _create(session, "create_endpoint_config", request, named.config)


def model_data(model: dict[str, Any]) -> str:
    """The S3 address of a described model's data."""
    container = model["PrimaryContainer"]
    source = container.get("ModelDataSource", {}).get("S3DataSource", {})
    return str(source.get("S3Uri") or container.get("ModelDataUrl", ""))


def data_folder(uri: str) -> str:
    """The content-addressed folder that model data lie in, whichever way they are stored."""
    return uri.removesuffix(ARCHIVE).rstrip("/")


def _is_whole(session: Session, model: dict[str, Any]) -> bool:
    """Whether the data of a model are still in S3: their manifest is written last."""
    return exists(session, f"{data_folder(model_data(model))}.json")


def _upload(session: Session, package: PackagedModel) -> str:
    if package.stored:
        stored = package.stored
        return copy_folder(session, stored.uri, stored.files, stored.added, FOLDER)
    with TemporaryDirectory(prefix="radimpress-") as scratch:
        written = package.write(Path(scratch), not package.as_files)
        if package.as_files:
            return put_folder(session, written, FOLDER)
        return f"{put_files(session, {ARCHIVE: written}, FOLDER).rstrip('/')}/{ARCHIVE}"


def _create(session: Session, operation: str, request: dict[str, Any], name: str) -> None:
    client = session.client("sagemaker")
    with spoken(f"{operation.replace('_', ' ')} {name}"):
        try:
            getattr(client, operation)(**request)
        except client.exceptions.ClientError as error:
            if not is_there_already(error):  # somebody else was first, with the very same
                raise
