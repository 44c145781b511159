"""A table's file opened for reading, compressed or not."""

import gzip
import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from radimpress.corpus.archive import require_file
from radimpress.runtime.errors import next_step

_GZIP_MAGIC = b"\x1f\x8b"
_SHOWN = 30
_LONGEST_NAME = 60
_LIKE_AN_ID = re.compile(r"\d{4}")


@contextmanager
def open_table(path: Path) -> Iterator[IO[bytes]]:
    """The bytes of `path`, inflated where it is gzip, whatever its name.

    Raises RadimpressError, also while it is read, where the compressed file is damaged or cut off.
    """
    require_file(path)
    with path.open("rb") as stream:
        zipped = stream.read(2) == _GZIP_MAGIC
    try:
        with cast("IO[bytes]", gzip.open(path, "rb") if zipped else path.open("rb")) as stream:
            yield stream
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise next_step(
            f"{path} ({path.stat().st_size:,} bytes) is a gzip file that is damaged or cut off",
            "download or export it again",
        ) from error


def shown_names(names: Sequence[str]) -> str:
    """Column names for an error message; only their number where they could be data.

    A table without a header has a report in its first row, and an error must not show that.

    >>> shown_names(["uid", "findings"])
    "['uid', 'findings']"
    >>> shown_names(["50414267", "The lungs are clear."])
    '2 that look like data, not names'
    """
    if any(_looks_like_data(name) for name in names):
        return f"{len(names)} that look like data, not names"
    return str(list(names[:_SHOWN]))


def _looks_like_data(name: str) -> bool:
    long = len(name) > _LONGEST_NAME or name.count(" ") > 5
    return long or name.rstrip().endswith(".") or bool(_LIKE_AN_ID.search(name))
