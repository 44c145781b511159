"""What a process frees, and what becomes of it."""

import platform
import subprocess
import sys

import pytest

from radimpress.modeling import allocation

PAGES = """
import resource, sys
from radimpress.modeling.allocation import keep_freed_memory
kept = keep_freed_memory() if sys.argv[1] == "keep" else None
def touch():
    return len(bytes(b"x") * 2**26)  # 64 MiB, 16,384 pages of 4 KiB
touch()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(4):
    touch()
print(kept, resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def _faults(what: str) -> tuple[str, int]:
    done = subprocess.run(
        [sys.executable, "-c", PAGES, what], check=True, capture_output=True, text=True
    )
    kept, faults = done.stdout.split()
    return kept, int(faults)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the setting is glibc's")
def test_freed_memory_is_used_again_without_new_pages():
    kept, faults = _faults("keep")
    assert kept == "True"
    assert faults < 100
    assert _faults("leave")[1] > 10 * max(faults, 1)


def test_a_c_library_without_the_setting_is_left_alone(monkeypatch):
    monkeypatch.setattr(allocation.ctypes, "CDLL", lambda _: object())
    assert allocation.keep_freed_memory() is False
