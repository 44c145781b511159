"""Where the shards of a batch lie: a folder here, or the project's bucket."""

import shutil
from pathlib import Path
from typing import Protocol

from radimpress.cloud.refusals import spoken
from radimpress.cloud.session import Session
from radimpress.cloud.storage import Address, objects, put_file, remove_folder
from radimpress.runtime.atomic import whole_file
from radimpress.runtime.roots import repository_root

FOLDER = Path("data") / "batch"  # of the repository: report text (rule 4)


class Store(Protocol):
    """Shards by name, in and out."""

    def put(self, path: Path, name: str) -> None:
        """Keep the input shard `path` as `name`, unless it is there."""
        ...

    def finished(self) -> set[str]:
        """The names of the output shards that are there."""
        ...

    def fetch(self, name: str, scratch: Path) -> Path:
        """The output shard `name` as a file here."""
        ...

    def discard(self) -> None:
        """Remove input and output: the results stand where they belong."""
        ...


class LocalStore:
    """`data/batch/<key>/{input,output}`, for its owner alone."""

    def __init__(self, key: str) -> None:
        self.folder = repository_root() / FOLDER / key
        self.input, self.output = self.folder / "input", self.folder / "output"
        for folder in (self.folder, self.input, self.output):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def put(self, path: Path, name: str) -> None:
        """Copy it in, whole or not at all."""
        if not (self.input / name).is_file():
            with whole_file(self.input / name) as temporary:
                shutil.copyfile(path, temporary)

    def finished(self) -> set[str]:
        """Those in output/."""
        return {path.name for path in self.output.glob("*.parquet")}

    def fetch(self, name: str, scratch: Path) -> Path:  # noqa: ARG002  # it is here
        """It is here already."""
        return self.output / name

    def discard(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)


class BucketStore:
    """`s3://<bucket>/batch/<key>/{input,output}/`."""

    def __init__(self, session: Session, key: str) -> None:
        self._session = session
        self.uri = f"s3://{session.bucket}/batch/{key}"
        self.input, self.output = f"{self.uri}/input/", f"{self.uri}/output/"
        self._there = objects(session, self.input)

    def put(self, path: Path, name: str) -> None:
        """Upload it; names are made of contents, so one of the same name and size is the same."""
        if self._there.get(name) != path.stat().st_size:
            put_file(self._session, path, f"{self.input}{name}")

    def finished(self) -> set[str]:
        """Those below output/."""
        return set(objects(self._session, self.output))

    def fetch(self, name: str, scratch: Path) -> Path:
        """Download it."""
        source = Address.of(f"{self.output}{name}")
        with spoken(f"read {source.uri}"):
            self._session.client("s3").download_file(source.bucket, source.key, str(scratch / name))
        return scratch / name

    def discard(self) -> None:
        """Delete every object of the batch."""
        remove_folder(self._session, self.uri)
