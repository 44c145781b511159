"""The page's files, read once into memory: nothing outside the package can be asked for."""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).with_name("page")
INDEX = "index.html"
MEDIA_TYPES = {  # not mimetypes': it asks the machine's own tables
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


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
    return MEDIA_TYPES.get(Path(name).suffix, "application/octet-stream")
