"""A container of AWS, as far as Linux namespaces make one: its own /opt/ml, hostname, processes.

Everything in it ends with it: it has its own process 1, which the kernel kills when this process
dies, however it dies. Where namespaces are forbidden the path /opt/ml is rewritten instead.
Shared with this machine, unlike in AWS: network, other files, user, memory.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from loopback.call import Refusal

OPT_ML = "/opt/ml"
REWRITTEN = {".py", ".sh", ".json", ".env", ""}  # suffixes of small files that name the path

# mounts that this namespace alone sees; then the command as process 1, as docker runs it
_INIT = """
set -e
mount --bind "$1" /opt/ml
mount --bind "$2" /etc/hosts
hostname "$3"
[ "$4" = isolated ] && ip link set lo up
cd "$5"
shift 5
exec "$@"
"""
_NAMESPACES = ("--mount", "--uts", "--pid", "--fork", "--kill-child=KILL", "--mount-proc")

# A process is told of the death of the *thread* that started it: one thread starts them all.
_NURSERY = ThreadPoolExecutor(1, "nursery")


@dataclass(frozen=True)
class Machine:
    """What runs where: `folder/ml` becomes /opt/ml."""

    folder: Path
    hostname: str
    command: tuple[str, ...]
    environment: Mapping[str, str]  # all of it: nothing is inherited
    neighbours: tuple[str, ...] = ()  # hostnames of the other machines of the job
    isolated: bool = False  # without network


@cache
def has_namespaces() -> bool:
    """Whether this user may mount over /opt/ml in a namespace of its own."""
    if not all(map(shutil.which, ("unshare", "setpriv", "mount"))):
        return False
    with contextlib.suppress(OSError):
        Path(OPT_ML).mkdir(parents=True, exist_ok=True)
    probe = ["unshare", *_NAMESPACES, "mount", "--bind", "/tmp", OPT_ML]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


class Container:
    """A running machine. `sink` gets every line that it writes, from a thread of its own."""

    def __init__(self, machine: Machine, sink: Callable[[str], None]) -> None:
        (machine.folder / "home").mkdir(parents=True, exist_ok=True)
        (machine.folder / "ml").mkdir(exist_ok=True)
        self._namespaced = has_namespaces()
        command = _namespaced(machine) if self._namespaced else _rewritten(machine)
        environment = dict(_paths(machine).environment)
        start = _NURSERY.submit(
            subprocess.Popen,
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd=machine.folder / "home",
        )
        self._process: subprocess.Popen[bytes] = start.result()
        self._reader = threading.Thread(target=self._read, args=(sink,), daemon=True)
        self._reader.start()

    def _read(self, sink: Callable[[str], None]) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            sink(line.decode(errors="replace").rstrip("\n"))

    def poll(self) -> int | None:
        """The exit status as docker tells it (137 after SIGKILL); None while it runs."""
        status = self._process.poll()
        if status is None:
            return None
        self._reader.join(2)  # its last lines
        return 128 - status if status < 0 else status

    def wait(self, seconds: float) -> int | None:
        """Wait for the end, at most so long."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return self.poll()

    def terminate(self) -> None:
        """SIGTERM to process 1 and to it alone, as docker does: a bare shell there ignores it."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._first(), signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL to everything in it."""
        with contextlib.suppress(ProcessLookupError):
            if self._namespaced:
                os.kill(self._first(), signal.SIGKILL)
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def end(self, grace_s: float) -> None:
        """SIGTERM, and SIGKILL after `grace_s`."""
        if self.poll() is None:
            self.terminate()
            if self.wait(grace_s) is None:
                self.kill()

    def _first(self) -> int:
        """The pid, seen from here, of process 1 in there."""
        pid = self._process.pid
        if not self._namespaced:
            return pid
        listing = Path(f"/proc/{pid}/task/{pid}/children")
        for _ in range(100):
            if self._process.poll() is not None:
                raise ProcessLookupError
            with contextlib.suppress(FileNotFoundError):
                if children := listing.read_text().split():
                    return int(children[0])
            time.sleep(0.01)
        return pid


def _namespaced(machine: Machine) -> list[str]:
    hosts = machine.folder / "hosts"
    names = " ".join(dict.fromkeys((machine.hostname, *machine.neighbours)))
    hosts.write_text(f"127.0.0.1 localhost {names}\n")
    network = ("--net",) if machine.isolated else ()
    start = ["setpriv", "--pdeathsig", "KILL", "unshare", *_NAMESPACES, *network]
    inside = [str(machine.folder / "ml"), str(hosts), machine.hostname]
    inside += ["isolated" if machine.isolated else "", str(machine.folder / "home")]
    return [*start, "sh", "-c", f"{_INIT}", "container", *inside, *machine.command]


def _paths(machine: Machine) -> Machine:
    """`machine` with /opt/ml as its programs find it."""
    if has_namespaces():
        return machine
    real = str(machine.folder / "ml")
    command = tuple(word.replace(OPT_ML, real) for word in machine.command)
    environment = {k: v.replace(OPT_ML, real) for k, v in machine.environment.items()}
    return replace(machine, command=command, environment=environment)


def _rewritten(machine: Machine) -> list[str]:
    if machine.neighbours or machine.isolated:
        raise Refusal(
            "ValidationException",
            "several hosts and network isolation need namespaces: run as root",
        )
    real = str(machine.folder / "ml")
    for path in (machine.folder / "ml" / "input").rglob("*"):
        if path.is_file() and path.suffix in REWRITTEN and path.stat().st_size < 1_000_000:
            content = path.read_bytes()
            if OPT_ML.encode() in content and real.encode() not in content:
                path.write_bytes(content.replace(OPT_ML.encode(), real.encode()))
    death = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
    return [*death, *_paths(machine).command]
