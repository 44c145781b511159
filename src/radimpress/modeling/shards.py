"""Finished batches of a long generation, kept so that an interruption loses one batch at most."""

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from radimpress.runtime.atomic import write_text


@dataclass(frozen=True, slots=True)
class Written:
    """One generated impression; `truncated`: it hit the length limit before its end."""

    text: str
    truncated: bool


class Shards:
    """A folder with one JSON file a batch; batches are numbered from 0.

    The folder's name must hold everything that decides the batches: model, reports and decoding.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, number: int) -> list[Written] | None:
        """The outputs of a finished batch, or None."""
        path = self._path(number)
        if not path.is_file():
            return None
        return [Written(**row) for row in json.loads(path.read_text(encoding="utf-8"))]

    def write(self, number: int, outputs: list[Written]) -> None:
        """Keep the outputs of a finished batch."""
        write_text(self._path(number), json.dumps([asdict(output) for output in outputs]))

    def discard(self) -> None:
        """Remove the folder: the results stand where they belong."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:06}.json"
