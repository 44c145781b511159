"""What a stage reads, as the channels of a job."""

from dataclasses import dataclass
from pathlib import Path

from radimpress.cloud.session import Session
from radimpress.cloud.storage import put_files, put_folder
from radimpress.config.fingerprint import fingerprint
from radimpress.config.schema import Config
from radimpress.modeling.reference import read_reference
from radimpress.runtime.digests import file_sha256, folder_sha256
from radimpress.runtime.errors import next_step

FOUNDATION, FINETUNED = Path("models/foundation"), Path("models/finetuned")
SPLITS = Path("data/splits")


@dataclass(frozen=True, slots=True)
class Input:
    """One channel: what it is called, where the stage looks for it, and what it holds.

    `names` are the files of the folder `path` that are sent; none: all of them.
    """

    channel: str
    path: Path
    names: tuple[str, ...] = ()

    @property
    def files(self) -> dict[str, Path]:
        """The files that are sent, by name. Raises RadimpressError for one that is missing."""
        if not self.path.is_dir():
            raise next_step(f"{self.path} is missing", "run `dvc repro`")
        names = self.names or tuple(
            p.relative_to(self.path).as_posix() for p in self.path.rglob("*") if p.is_file()
        )
        for name in names:
            if not (self.path / name).is_file():
                raise next_step(f"{self.path / name} is missing", "run `dvc repro`")
        return {name: self.path / name for name in sorted(names)}

    @property
    def sha256(self) -> str:
        """Of the content, wherever it lies."""
        if reference := read_reference(self.path):
            return reference.sha256
        if not self.names:
            return folder_sha256(self.path)
        return fingerprint({name: file_sha256(path) for name, path in self.files.items()})

    def uri(self, session: Session) -> str:
        """The content's address in S3; uploaded unless it is there."""
        if reference := read_reference(self.path):
            return reference.uri
        if not self.names:
            return put_folder(session, self.path)
        return put_files(session, self.files)


def inputs(config: Config, stage: str) -> list[Input]:
    """The channels of `stage`. Test reports are not sent to a training."""
    if stage == "foundation":
        path = config.model.path
        return [Input("base", Path(path))] if path else []
    if stage == "train":
        wanted = ("train.parquet", "validation.parquet")
        return [Input("splits", SPLITS, wanted), Input("foundation", FOUNDATION)]
    tests = tuple(sorted(path.name for path in SPLITS.glob("test*.parquet")))
    found = [Input("splits", SPLITS, ("train.parquet", *tests))]
    systems = [("foundation", FOUNDATION), ("finetuned", FINETUNED)]
    return found + [
        Input(name, path) for name, path in systems if name in config.generation.systems
    ]
