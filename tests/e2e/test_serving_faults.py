"""The server as a process, under what happens to servers; see docs/serving.md, faults."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

BIN = Path(sys.executable).parent / "radimpress"
ASK = {"findings": "Cough. No effusion."}
BODY = json.dumps(ASK).encode()


@dataclass
class Server:
    """A stand-in server as a process of its own, and its controls."""

    process: subprocess.Popen
    folder: Path
    url: str = ""

    def control(self, **changes):
        path = self.folder / "control.json"
        now = json.loads(path.read_text()) if path.is_file() else {"version": "1", "mode": "well"}
        temporary = self.folder / "control.new"
        temporary.write_text(json.dumps(now | changes))
        temporary.replace(path)

    def log(self):
        text = (self.folder / "log.jsonl").read_text()
        return [json.loads(line) for line in text.splitlines() if line.startswith("{")]

    def wait_for(self, event, seconds=60):
        deadline = time.monotonic() + seconds
        while not any(line.get("event") == event for line in self.log()):
            assert self.process.poll() is None, (self.folder / "log.jsonl").read_text()
            assert time.monotonic() < deadline, f"no {event}"
            time.sleep(0.02)

    def ask(self, body=None, **options):
        return httpx.post(f"{self.url}/invocations", json=body or ASK, timeout=30, **options)

    def ping(self):
        return httpx.get(f"{self.url}/ping").status_code

    def ping_becomes(self, status, seconds=20):
        deadline = time.monotonic() + seconds
        while self.ping() != status:
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def connect(self):
        host, port = self.url.removeprefix("http://").split(":")
        return socket.create_connection((host, int(port)), timeout=30)


@pytest.fixture
def start(root, tmp_path):
    servers = []

    def start(wait=True, control=None, **settings):
        folder = tmp_path / f"server{len(servers)}"
        folder.mkdir()
        server = Server(None, folder)
        server.control(**control or {})
        server.process = subprocess.Popen(
            [
                sys.executable,
                root / "tests" / "serving" / "stand_in_server.py",
                folder / "control.json",
                json.dumps({"port": 0, "reload_s": 0.05, **settings}),
            ],
            stderr=(folder / "log.jsonl").open("w"),
            env={**os.environ, "DVC_ROOT": str(tmp_path)},
        )
        servers.append(server)
        server.wait_for("listening")
        server.url = server.log()[0]["url"]
        if wait:
            server.wait_for("serving")
        return server

    yield start
    for server in servers:
        server.process.kill()
        server.process.wait()
        log = (server.folder / "log.jsonl").read_text()
        assert "Traceback" not in log
        assert "effusion" not in log.lower()


def head(length, close=False):
    return (
        b"POST /invocations HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n%s\r\n" % (length, b"Connection: close\r\n" if close else b"")
    )


def answered(stream):
    """Status, body, and whether the connection ends with it; None where there is no answer."""
    line = stream.readline()
    if not line:
        return None
    headers = {}
    while (header := stream.readline()) not in (b"\r\n", b""):
        name, _, value = header.partition(b":")
        headers[name.lower()] = value.strip()
    body = stream.read(int(headers[b"content-length"]))
    return int(line.split()[1]), body, headers.get(b"connection") == b"close"


@dataclass
class Load:
    """Clients that ask until the server stops accepting; every connection made is accounted for."""

    server: Server
    keep_alive: bool
    results: Counter = field(default_factory=Counter)
    versions: list = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self):
        while not self.stopped.is_set():
            try:
                connection = self.server.connect()
            except OSError:  # refused: nothing was accepted
                self.results["refused"] += 1
                return
            with connection, connection.makefile("rb") as stream:
                self._talk(connection, stream)

    def _talk(self, connection, stream):
        while not self.stopped.is_set():
            try:
                connection.sendall(head(len(BODY), close=not self.keep_alive) + BODY)
                found = answered(stream)
            except OSError:
                found = None
            if found is None:
                self.results["lost"] += 1
                return
            self.results[found[0]] += 1
            if found[0] == 200:
                self.versions.append(json.loads(found[1])["model"]["version"])
            if found[2]:
                return


def under_load(server, clients=6):
    loads = [Load(server, keep_alive=number % 2 == 0) for number in range(clients)]
    threads = [threading.Thread(target=load.run) for load in loads]
    for thread in threads:
        thread.start()
    return loads, threads


def total(loads):
    return sum((load.results for load in loads), Counter())


@pytest.mark.parametrize("mode", ["well", "slow"])
def test_sigterm_under_load_loses_no_accepted_request(start, mode):
    server = start(control={"mode": mode, "seconds": 0.1})
    loads, threads = under_load(server)
    time.sleep(1.0)
    server.process.send_signal(signal.SIGTERM)
    for thread in threads:
        thread.join(30)
    assert server.process.wait(20) == 0
    found = total(loads)
    assert found["lost"] == 0, found
    assert found[200] > 20
    assert set(found) <= {200, "refused"}
    assert server.log()[-1] == server.log()[-1] | {"event": "stopped", "drained": True}


def test_a_hot_reload_under_load_loses_no_request_and_switches_once(start, tmp_path):
    server = start()
    announced = tmp_path / "mlruns" / "servers" / f"{server.process.pid}.json"
    deadline = time.monotonic() + 20
    while not announced.exists():  # it comes just after the model answers
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert json.loads(announced.read_text())["url"] == server.url
    loads, threads = under_load(server)
    time.sleep(0.5)
    for version in ("2", "3"):
        server.control(version=version)
        deadline = time.monotonic() + 20
        while httpx.get(f"{server.url}/model").json()["version"] != version:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    time.sleep(0.3)
    for load in loads:
        load.stopped.set()
    for thread in threads:
        thread.join(30)
    found = total(loads)
    assert set(found) == {200}, found
    for load in loads:
        assert load.versions == sorted(load.versions)
    assert {"1", "3"} <= {version for load in loads for version in load.versions}
    server.process.terminate()
    assert server.process.wait(20) == 0
    assert not announced.exists()


def test_a_bad_version_is_kept_out_until_the_alias_moves_again(start):
    server = start()
    server.control(version="bad2")
    server.wait_for("reload_refused")
    described = httpx.get(f"{server.url}/model").json()
    assert described["version"] == "1"
    assert described["reload_error"].startswith("version bad2 is not served: ")
    assert server.ask().json()["model"]["version"] == "1"
    time.sleep(0.3)
    refusals = [line for line in server.log() if line.get("event") == "reload_refused"]
    assert len(refusals) == 1
    server.control(version="3")
    deadline = time.monotonic() + 20
    while server.ask().json()["model"]["version"] != "3":
        assert time.monotonic() < deadline
    assert httpx.get(f"{server.url}/model").json()["reload_error"] is None


def test_a_new_version_that_says_nothing_is_not_served(start):
    server = start()
    server.control(version="2", mode="wordless")
    server.wait_for("reload_refused")
    server.control(mode="well")
    assert server.ask().json()["model"]["version"] == "1"


def test_a_registry_that_is_down_does_not_stop_the_server(start):
    server = start()
    server.control(mode="gone")
    server.wait_for("registry_silent")
    assert server.ask().status_code == 200
    assert server.ping() == 200
    server.control(mode="well", version="2")
    server.wait_for("registry_answers")
    deadline = time.monotonic() + 20
    while server.ask().json()["model"]["version"] != "2":
        assert time.monotonic() < deadline


def test_a_model_that_raises_fails_ping_and_recovers(start):
    server = start()
    server.control(mode="raise")
    failed = server.ask()
    assert failed.status_code == 500
    assert failed.json()["error"]["code"] == "generation_failed"
    assert "Traceback" not in failed.text
    server.ping_becomes(503)
    server.control(mode="well")
    server.ping_becomes(200)
    assert server.ask().status_code == 200


def test_a_slow_model_is_a_504_and_a_full_queue_a_429_and_both_pass(start):
    server = start(timeout_s=1.0, max_queue=2, max_reports=2, control={"mode": "well"})
    server.control(mode="slow", seconds=1.5)
    found = Counter()

    def ask():
        answer = server.ask()
        found[answer.status_code] += 1
        if answer.status_code == 429:
            assert int(answer.headers["retry-after"]) >= 1

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
        time.sleep(0.05)
    for thread in threads:
        thread.join(30)
    assert set(found) == {429, 504}
    assert found[504] == 3  # one was being written, two waited
    server.control(mode="well")
    server.ping_becomes(200)
    assert server.ask().status_code == 200


def test_clients_that_leave_are_forgotten(start):
    server = start(control={"mode": "slow", "seconds": 1.0})
    connections = [server.connect() for _ in range(20)]
    connections[0].sendall(head(len(BODY)) + BODY)
    time.sleep(0.2)  # it is being written; the others wait
    for connection in connections[1:]:
        connection.sendall(head(len(BODY)) + BODY)
    time.sleep(0.1)
    for connection in connections:
        connection.close()
    server.control(mode="well")
    assert server.ask().status_code == 200
    metrics = httpx.get(f"{server.url}/metrics").text
    dropped = next(
        float(line.split()[1])
        for line in metrics.splitlines()
        if line.startswith("radimpress_dropped_reports_total ")
    )
    assert dropped >= 10
    assert "radimpress_queue_reports 0.0" in metrics


def test_a_body_that_trickles_is_given_up_while_others_are_served(start):
    server = start(timeout_s=1.0)
    with server.connect() as connection:
        connection.sendall(head(1000) + b'{"findings": "')
        assert server.ask().status_code == 200
        began = time.monotonic()
        status, body, _ = answered(connection.makefile("rb"))
        assert status == 408
        assert json.loads(body)["error"]["code"] == "body_timeout"
        assert time.monotonic() - began < 10


@pytest.mark.parametrize("sent", [b"", b"POST /invoc", b"GET /ping HTTP/1.1\r\nHost: 127"])
def test_a_head_that_never_ends_is_given_up(start, sent):
    server = start(timeout_s=1.0)
    with server.connect() as connection:
        connection.sendall(sent)
        began = time.monotonic()
        assert connection.recv(1) == b""
        assert time.monotonic() - began < 10


def test_a_second_head_that_trickles_is_given_up_too(start):
    server = start(timeout_s=1.0)
    with server.connect() as connection, connection.makefile("rb") as stream:
        for _ in range(2):
            connection.sendall(head(len(BODY)) + BODY)
            assert answered(stream)[0] == 200
        connection.sendall(b"GET /pi")
        assert connection.recv(1) == b""


def test_what_is_no_http_is_refused_and_harms_nobody(start):
    server = start()
    for junk in (b"\x00" * 100, b"GET\r\n\r\n", b"G" * 70_000, b"POST / HTTP/1.1\r\nA: b\r\n" * 2):
        with server.connect() as connection:
            connection.sendall(junk)
    with server.connect() as connection:
        connection.sendall(b"GET\r\n\r\n")
        status, body, ends = answered(connection.makefile("rb"))
        assert (status, ends) == (400, True)
        assert json.loads(body)["error"]["code"] == "bad_http"
    assert server.ask().status_code == 200


def test_ping_is_503_while_the_model_loads_and_sigterm_ends_that_too(start):
    server = start(wait=False, control={"load_seconds": 30})
    assert server.ping() == 503
    assert server.ask().status_code == 503
    server.process.terminate()
    assert server.process.wait(10) == 0


def test_a_model_that_hangs_does_not_outlive_the_drain(start):
    server = start(timeout_s=1.0, drain_s=3.0)
    server.control(mode="slow", seconds=60)
    assert server.ask().status_code == 504
    began = time.monotonic()
    server.process.terminate()
    assert server.process.wait(10) == 0
    assert time.monotonic() - began < 6


def test_what_is_cut_off_is_no_success(start):
    server = start(timeout_s=30.0, drain_s=0.5)
    server.control(mode="slow", seconds=60)
    found = []
    asking = threading.Thread(target=lambda: found.append(server.ask()))
    asking.start()
    while "radimpress_batch_reports_count 1.0" not in httpx.get(f"{server.url}/metrics").text:
        time.sleep(0.05)
    server.process.terminate()
    assert server.process.wait(15) == 1
    asking.join(10)
    assert found[0].status_code == 503
    assert found[0].json()["error"]["code"] == "shutting_down"
    assert server.log()[-1]["drained"] is False


def test_a_second_signal_ends_at_once(start):
    server = start(timeout_s=60.0, drain_s=60.0)
    server.control(mode="slow", seconds=60)

    def ask():
        with contextlib.suppress(httpx.HTTPError):  # cut off
            server.ask()

    asking = threading.Thread(target=ask)
    asking.start()
    while "radimpress_batch_reports_count 1.0" not in httpx.get(f"{server.url}/metrics").text:
        time.sleep(0.05)
    server.process.send_signal(signal.SIGINT)
    server.wait_for("draining")
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(10) == 1
    asking.join(10)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda folder: None, "is missing"),
        (lambda folder: folder.mkdir(), "model"),
        (lambda folder: folder.write_bytes(b"no archive"), "model"),
    ],
    ids=["missing", "empty", "no package"],
)
def test_a_model_that_cannot_be_loaded_is_one_line_and_status_1(tmp_path, make, said):
    folder = tmp_path / "model"
    make(folder)
    done = subprocess.run(
        [BIN, "serve", "--model", str(folder), "--port", "0"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("error: ")
    assert said in last
    assert "Traceback" not in done.stderr
