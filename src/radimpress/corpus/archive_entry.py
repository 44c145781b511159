"""One file of a corpus's folder or archive."""

import re
import string
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import PurePosixPath

from radimpress.corpus.raw import Fault

_PLAIN = re.compile(r"(?:[A-Za-z0-9_-]+/)*[A-Za-z0-9_-]+\.[A-Za-z0-9]+")  # beyond any doubt
_HARMLESS = f"{string.ascii_letters}{string.digits}_-./\n".encode()
_MAYBE_UNSAFE = (b"..", b"\n/", b"\n.", b"\n\n")  # of names between line breaks

Wanted = Callable[[str], bool]
"""Whether the entry of that name is a report."""


Entry = tuple[str, bytes | Fault]
"""A file's name inside the archive, and its bytes or why they cannot be had."""


@dataclass(frozen=True, slots=True)
class Entries:
    """The wanted files in the archive's order; `total` is None where only reading tells it.

    Iterating over a chunk is what reads it; each can be handed to another process.
    """

    chunks: Iterator[Iterable[Entry]]
    total: int | None = None

    @property
    def entries(self) -> Iterator[Entry]:
        """One file after the other."""
        return chain.from_iterable(self.chunks)


def all_surely_safe(names: Sequence[str]) -> bool:
    """Whether no name is unsafe, in a tenth of the time; False where each must be asked."""
    lines = "\n".join(("", *names, "")).encode("utf-8", "surrogatepass")
    odd = lines.translate(None, _HARMLESS)
    return not odd and not any(part in lines for part in _MAYBE_UNSAFE)


def is_unsafe(name: str) -> bool:
    """Whether `name` would leave the folder it was unpacked into; no honest archive has such."""
    if _PLAIN.fullmatch(name):
        return False
    path = PurePosixPath(name.replace("\\", "/"))
    drive = bool(path.parts) and ":" in path.parts[0]
    return not path.parts or path.is_absolute() or drive or ".." in path.parts or "\0" in name
