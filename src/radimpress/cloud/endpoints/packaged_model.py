"""A registered model as an endpoint takes it, written only where S3 does not have it yet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

LARGE = 4 << 30  # bytes; above, SageMaker fetches single files in parallel and unpacks nothing


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A model whose files are in S3 already: the package is made there, nothing is downloaded."""

    uri: str  # s3://bucket/prefix/
    files: Mapping[str, str]  # name in the folder -> sha256
    added: Mapping[str, bytes]  # what packing puts beside them


@dataclass(frozen=True, slots=True)
class PackagedModel:
    """What names the package before it is written, and the way to write it.

    `digest` is over everything that the package is made from, so that a package that was deployed
    before is neither written nor uploaded again.
    """

    name: str  # of the registered model
    version: str
    model_sha256: str
    digest: str
    size: int  # bytes of the model folder
    write: Callable[[Path, bool], Path]  # (scratch folder, as one archive or as files) -> its path
    stored: StoredModel | None = None

    @property
    def as_files(self) -> bool:
        """Whether it lies in S3 as files and not as one archive."""
        return self.size > LARGE or self.stored is not None
