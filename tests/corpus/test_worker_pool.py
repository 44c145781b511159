import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from radimpress.corpus.worker_pool import in_order
from radimpress.runtime.errors import RadimpressError


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_results_come_in_the_order_of_the_work(workers: int) -> None:
    assert list(in_order(abs, range(-40, 0), workers)) == list(range(40, 0, -1))


@pytest.mark.parametrize("workers", [1, 2])
def test_work_is_taken_only_as_it_is_needed(workers: int) -> None:
    taken = 0

    def work() -> Iterator[int]:
        nonlocal taken
        for number in range(1000):
            taken += 1
            yield number

    results = in_order(abs, work(), workers)
    assert next(results) == 0
    assert taken <= 20
    results.close()


def test_little_work_starts_no_process() -> None:
    assert set(in_order(_process_id, range(5), 2)) == {os.getpid()}


def _process_id(_: int) -> int:
    return os.getpid()


def test_a_killed_worker_is_one_clear_line() -> None:
    with pytest.raises(RadimpressError, match=r"was killed.*; next: .*compute\.workers=1"):
        list(in_order(os._exit, [1] * 20, 2))


def test_an_error_of_the_work_reaches_the_caller() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        list(in_order(int, ["1"] * 20 + ["x"], 2))


SLEEPER = """
import time
from radimpress.corpus.worker_pool import in_order
if __name__ == "__main__":
    for _ in in_order(time.sleep, [0.01] * 20 + [0.2] * 1000, 2):
        print("ready", flush=True)
"""


@pytest.fixture
def sleeper(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """A program at work with two processes, in a process group of its own."""
    script = tmp_path / "sleeper.py"
    script.write_text(SLEEPER)
    program = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert program.stdout is not None
    assert program.stdout.readline() == "ready\n"
    yield program
    if _alive(program.pid):
        os.killpg(program.pid, signal.SIGKILL)
    program.communicate()


def test_ctrl_c_ends_every_process(sleeper: "subprocess.Popen[str]") -> None:
    os.killpg(sleeper.pid, signal.SIGINT)
    _, errors = sleeper.communicate(timeout=20)
    assert sleeper.returncode == -signal.SIGINT
    assert "KeyboardInterrupt" in errors  # a worker that is still starting may say so too
    assert _ended(sleeper.pid)


def test_workers_end_when_their_program_is_killed(sleeper: "subprocess.Popen[str]") -> None:
    sleeper.kill()
    sleeper.wait(timeout=20)
    assert _ended(sleeper.pid)


def _ended(group: int) -> bool:
    deadline = time.monotonic() + 20
    while _alive(group) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not _alive(group)


def _alive(group: int) -> bool:
    """Whether a process of the group runs; one that nobody has waited for does not."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended while we looked
        if fields[2] == str(group) and fields[0] != "Z":
            return True
    return False
