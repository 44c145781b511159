"""A model folder without its weights: where they are in S3, and what they must be."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from radimpress.runtime.atomic import write_text
from radimpress.runtime.digests import folder_sha256, names_sha256
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

    @property
    def text(self) -> str:
        """As one line of JSON."""
        return json.dumps(asdict(self), sort_keys=True)

    @staticmethod
    def of(text: str, where: str) -> "Reference":
        """Read what `text` wrote, at `where`. Raises RadimpressError for anything else."""
        try:
            plain = json.loads(text)
            return Reference(str(plain["uri"]), dict(plain["files"]))
        except (ValueError, KeyError, TypeError) as error:
            raise next_step(
                f"{where} is no reference to a model", "run `dvc repro train`"
            ) from error


def read_reference(folder: Path) -> Reference | None:
    """The reference that stands for the model in `folder`; None where the model itself is there."""
    path = folder / REFERENCE
    return Reference.of(path.read_text(encoding="utf-8"), str(path)) if path.is_file() else None


def write_reference(folder: Path, reference: Reference) -> None:
    """Say in `folder` where its model is."""
    write_text(folder / REFERENCE, json.dumps(asdict(reference), indent=2, sort_keys=True) + "\n")


def model_sha256(folder: Path) -> str:
    """The sha256 of the model folder, whether its weights are in it or only referred to."""
    reference = read_reference(folder)
    return reference.sha256 if reference else folder_sha256(folder)


def refuse_reference(folder: Path) -> None:
    """Raise RadimpressError where `folder` holds no weights but their address."""
    if reference := read_reference(folder):
        raise next_step(
            f"{folder} holds only a reference: its weights are at {reference.uri}",
            "let SageMaker use them (compute.job.stages=[train,generate]); for a stage on this "
            "machine set compute.job.returns=files and run `dvc repro -f -s train`, which only "
            "downloads; for anything else `radimpress fetch` brings them here",
        )
