"""A table's file opened for reading, compressed or not."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from radimpress.corpus.archive import require_file
from radimpress.runtime.errors import next_step

_GZIP_MAGIC = b"\x1f\x8b"


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
