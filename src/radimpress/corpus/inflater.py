"""Inflating deflated data within bounds, by isal where it is installed, else by zlib.

isal (Intel's ISA-L) takes two thirds of zlib's time for a report. Its judgement of damaged data is
not zlib's to the letter, so the caller compares size and checksum, as it must in any case.
"""

import zlib
from typing import Any

try:
    from isal import isal_zlib
except ImportError:  # no wheel for this machine
    FASTEST: Any = zlib
else:
    FASTEST = isal_zlib

_RAW = -zlib.MAX_WBITS  # deflated data without a header of its own
_ROOM = 258  # bytes of the longest match: with less room left zlib inflates letter by letter


def inflated(packed: bytes, size: int, engine: Any = FASTEST) -> bytes | None:
    """What `packed` inflates to, if that is `size` bytes and all of it; else None.

    Never inflates more than `_ROOM` beyond `size`. `engine`: a module with zlib's interface.
    """
    inflater = engine.decompressobj(_RAW)
    try:
        content: bytes = inflater.decompress(packed, size + _ROOM)
    except engine.error:
        return None
    whole = len(content) == size and inflater.eof and not inflater.unused_data
    return content if whole else None
