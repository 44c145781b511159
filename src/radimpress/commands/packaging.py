"""A model as one file that any target serves."""

from pathlib import Path
from typing import Annotated

import typer

from radimpress.commands.models import model_folder


def package(
    archive: Annotated[Path, typer.Argument(help="Where to write it, e.g. model.tar.gz.")],
    model: Annotated[
        str, typer.Option(help="A model folder or a registered model, e.g. models:/NAME/7.")
    ] = "models:/radimpress@champion",
) -> None:
    """Write a model as one archive, the same bytes for the same model, and print its sha256.

    It holds the weights, the prompt and settings, where all of it comes from, the code that answers
    with it, and the hash of every file: `radimpress serve --model model.tar.gz` checks them, and
    SageMaker takes it as it is. A model that looks up training reports holds those reports.

    Example: radimpress package model.tar.gz --model models/finetuned
    """
    from radimpress.serving.package import pack

    if model.startswith("models:/"):
        folder, lineage = _registered(model)
    else:
        folder, lineage = model_folder(model), {}
    sha256 = pack(folder, archive, lineage)
    print(f"{archive}: {archive.stat().st_size / 1e6:.1f} MB, sha256 {sha256}")


def _registered(uri: str) -> tuple[Path, dict[str, str]]:
    """The folder of a registered model, and what its registry knows of where it comes from."""
    from radimpress.cloud.fetched_models import fetched_model
    from radimpress.config.load import from_params
    from radimpress.registry.promotion.endpoint_package import package_lineage
    from radimpress.registry.versions import version
    from radimpress.tracking.store import open_store

    config = from_params()
    store = open_store(config.tracking)
    found = version(store, config.tracking.registered_model, uri)
    return fetched_model(store, found.uri, config.cloud), package_lineage(store, found)
