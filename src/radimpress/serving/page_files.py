"""The page's files, read once into memory: nothing outside the package can be asked for."""

import mimetypes
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).with_name("page")
INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class PageFile:
    """One static file."""

    content: bytes
    media_type: str


def page_files(folder: Path = FOLDER) -> dict[str, PageFile]:
    """The files of `folder` by name."""
    return {
        path.name: PageFile(path.read_bytes(), _media_type(path.name))
        for path in sorted(folder.iterdir())
        if path.is_file()
    }


def _media_type(name: str) -> str:
    found = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{found}; charset=utf-8" if found.startswith("text/") else found
