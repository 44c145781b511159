"""Memory that a training frees on a CPU, kept for its next step."""

import ctypes

# mallopt's names, https://man7.org/linux/man-pages/man3/mallopt.3.html
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3


def keep_freed_memory() -> bool:
    """Let glibc keep what this process frees, instead of handing it back to the system.

    A step makes and frees the same large tensors again and again, and the system would clear and
    map their pages anew each time; docs/performance-training.md has what that costs. Holds for the
    rest of the process. Returns whether it took effect: other C libraries know no such setting.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    wanted = {_MMAP_THRESHOLD: 2**30, _TRIM_THRESHOLD: 2**31 - 1, _TOP_PAD: 2**26}  # bytes
    return all(mallopt(name, size) == 1 for name, size in wanted.items())
