"""A model folder without its weights: where they are in S3, and what they must be."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from radimpress.runtime.atomic import write_text
from radimpress.runtime.digests import names_sha256
from radimpress.runtime.errors import next_step

REFERENCE = "reference.json"


@dataclass(frozen=True, slots=True)
class Reference:
    """The address of a whole model folder, and the sha256 of each of its files."""

    uri: str  # s3://bucket/prefix/
    files: Mapping[str, str]  # name in the folder -> sha256

    @property
    def sha256(self) -> str:
        """What `folder_sha256` says of the folder once it is downloaded."""
        return names_sha256(self.files)


def read_reference(folder: Path) -> Reference | None:
    """The reference that stands for the model in `folder`; None where the model itself is there."""
    path = folder / REFERENCE
    if not path.is_file():
        return None
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        return Reference(str(plain["uri"]), dict(plain["files"]))
    except (ValueError, KeyError, TypeError) as error:
        raise next_step(f"{path} is no reference to a model", "run `dvc repro train`") from error


def write_reference(folder: Path, reference: Reference) -> None:
    """Say in `folder` where its model is."""
    write_text(folder / REFERENCE, json.dumps(asdict(reference), indent=2, sort_keys=True) + "\n")


def refuse_reference(folder: Path) -> None:
    """Raise RadimpressError where `folder` holds no weights but their address."""
    if reference := read_reference(folder):
        raise next_step(
            f"{folder} holds only a reference: its weights are at {reference.uri}",
            "let SageMaker use them (compute.job.stages=[train,generate]), or bring them here "
            "(compute.job.returns=files and `dvc repro train`, which downloads and trains nothing)",
        )
