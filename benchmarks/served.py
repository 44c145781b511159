"""The servers that the load test compares, each a process with the same model."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from radimpress.config.schema import ModelStorage, Tracking
from radimpress.config.serving import Engine
from radimpress.runtime.errors import next_step

SECONDS_TO_START = 300


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; `body` and `holds` say how it is asked and what its answer holds."""

    name: str
    process: subprocess.Popen[bytes]
    port: int
    seconds_to_start: float
    is_ours: bool
    statements: bool = False

    def body(self, findings: str) -> str:
        """The request for one report, each server's own way."""
        if self.is_ours:
            return json.dumps({"findings": findings, "statements": self.statements})
        return json.dumps({"dataframe_records": [{"findings": findings}]})

    def holds(self, impression: str) -> str:
        """What the answer holds where it is right."""
        if self.is_ours:
            return f'"impression": {json.dumps(impression, ensure_ascii=False)}'
        return f'{{"predictions": [{json.dumps(impression)}]}}'

    def resident_mb(self) -> float:
        """Resident memory of the process and its children, in MB."""
        return sum(_resident_kb(pid) for pid in _family(self.process.pid)) / 1024

    def cpu_seconds(self) -> float:
        """CPU time so far of the process and its children, user and system."""
        ticks = sum(_ticks(pid) for pid in _family(self.process.pid))
        return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def ours(model: Path, threads: int, logs: Path) -> Iterator[Server]:
    """`radimpress serve` with the settings that it has by default."""
    port = _free_port()
    command = [str(Path(sys.executable).with_name("radimpress")), "serve", "--model", str(model)]
    command += ["--port", str(port), "--threads", str(threads)]
    with _running("radimpress", command, port, threads, logs, {}, is_ours=True) as server:
        yield server


@contextmanager
def mlflow(model: Path, engine: Engine, workers: int, threads: int, logs: Path) -> Iterator[Server]:
    """`mlflow models serve` with the same model, registered as `dvc repro` registers it."""
    from radimpress.tracking.models import log_model
    from radimpress.tracking.store import open_store

    home = logs / f"store-{engine.value}"
    home.mkdir()
    store = open_store(Tracking(uri=f"sqlite:///{home}/mlflow.db", experiment="load"))
    experiment = store.client.create_experiment("load", artifact_location=str(home / "artifacts"))
    run = store.client.create_run(experiment).info.run_id
    uri = log_model(store, experiment, run, model, ModelStorage.copy, engine)
    port = _free_port()
    command = [str(Path(sys.executable).with_name("mlflow")), "models", "serve", "-m", uri]
    command += ["--env-manager", "local", "--port", str(port), "--workers", str(workers)]
    name = f"mlflow {engine.value}" + (f" x{workers}" if workers > 1 else "")
    tracking = {"MLFLOW_TRACKING_URI": store.uri}
    with _running(name, command, port, threads, logs, tracking, is_ours=False) as server:
        yield server


@contextmanager
def _running(
    name: str,
    command: list[str],
    port: int,
    threads: int,
    logs: Path,
    extra: dict[str, str],
    is_ours: bool,
) -> Iterator[Server]:
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "OMP_NUM_THREADS": str(threads),
        "OMP_WAIT_POLICY": "passive",  # spinning threads would starve whoever shares the cores
        "TOKENIZERS_PARALLELISM": "false",
        **extra,
    }
    log = logs / f"{name.replace(' ', '-')}.log"
    started = time.monotonic()
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, env=environment, stdout=stream, stderr=stream, start_new_session=True
        )
    try:
        while not _answers(port):
            if process.poll() is not None or time.monotonic() - started > SECONDS_TO_START:
                raise next_step(f"{name} did not start", f"read {log}")
            time.sleep(0.2)
        yield Server(name, process, port, time.monotonic() - started, is_ours)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(60)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/ping", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _family(root: int) -> list[int]:
    """The process and everything below it."""
    found = [root]
    for pid in found:
        children = Path(f"/proc/{pid}/task/{pid}/children")
        if children.is_file():
            found += [int(child) for child in children.read_text().split()]
    return found


def _resident_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])  # utime and stime, the fields 14 and 15 of proc(5)
