"""The headers before the entries of a zip archive, held against its directory, many at a time."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from radimpress.corpus.zip_directory import LOCAL_HEADER

_SIGNATURE = int.from_bytes(b"PK\x03\x04", "little")
_UNUSUAL_FLAGS = 0xFFFF ^ 0x80E  # all but level of deflation, sizes behind the data, UTF-8 name
_HEADER = np.dtype(
    [
        *(("signature", "<u4"), ("version", "<u2"), ("flags", "<u2"), ("method", "<u2")),
        *(("time", "<u4"), ("checksum", "<u4"), ("packed", "<u4"), ("size", "<u4")),
        *(("name_length", "<u2"), ("extra_length", "<u2")),
    ]
)  # PKWARE APPNOTE 4.3.7
_SAME = ("flags", "method", "name_length")  # here and in the directory
UNSURE = -1


def content_begins(block: bytes, places: Any, names: Sequence[bytes], declared: Any) -> list[int]:
    """Where in `block` the bytes of each entry begin; UNSURE where zipfile must be asked.

    `places`: where the local headers begin, an array; `names` and `declared`: the names and rows
    of the directory. zipfile spends twice as long on opening an entry as on inflating a report.
    This checks what it checks, and leaves every doubt to it.
    """
    if len(block) < LOCAL_HEADER:
        return [UNSURE] * len(names)
    last = len(block) - LOCAL_HEADER
    windows = np.lib.stride_tricks.sliding_window_view(np.frombuffer(block, np.uint8), LOCAL_HEADER)
    headers = windows[places.clip(max=last)].view(_HEADER)[:, 0]
    named = places + LOCAL_HEADER
    begins = named + headers["name_length"] + headers["extra_length"]
    agree = (
        (places <= last)
        & (headers["signature"] == _SIGNATURE)
        & (headers["flags"] & _UNUSUAL_FLAGS == 0)
        & np.logical_and.reduce([headers[each] == declared[each] for each in _SAME])
        & [block.startswith(name, at) for name, at in zip(names, named.tolist(), strict=True)]
    )
    begins[~agree] = UNSURE
    return list(begins.tolist())
