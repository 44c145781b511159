"""Streams cut into pieces of work that are worth handing to another process."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
CHUNK = 1024  # reports that a worker gets at a time, about 1 MB of MIMIC-CXR


def chunked(items: Iterable[Item], size: int = CHUNK) -> Iterator[list[Item]]:
    """`items` in lists of `size`, the last one shorter; read as they are asked for.

    >>> list(chunked("abc", 2))
    [['a', 'b'], ['c']]
    """
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
