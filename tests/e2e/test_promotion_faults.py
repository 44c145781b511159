"""Promotions that are killed, raced, or left by their server: alias, ledger and target agree after.

The gates are not what is tested here: in `promotion_driver.py` every version passes them.
"""

import itertools
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

DRIVER = Path(__file__).with_name("promotion_driver.py")
RERUNS = ("promote challenger", "history", "rollback")


class Registry:
    """A store, and the driver that runs scenarios on it."""

    def __init__(self, folder, root, uri=None):
        self.folder, self.uri = folder, uri or f"sqlite:///{folder}/mlruns/mlflow.db"
        self.numbers = itertools.count()
        dropped = ("MLFLOW_TRACKING_URI", "COV_CORE_SOURCE")
        kept = {k: v for k, v in os.environ.items() if k not in dropped}
        self.environment = {
            **kept,
            "DVC_ROOT": str(folder),
            "RADIMPRESS_TEST_PARAMS": str(root / "params.yaml"),
            "RADIMPRESS_USER": "tester",
            "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0",
        }
        self.driver = subprocess.Popen(
            [sys.executable, str(DRIVER), self.uri],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=self.environment,
        )

    def run(self, *steps):
        """What came of a scenario over three fresh versions."""
        plain = {
            "name": f"m{next(self.numbers)}",
            "folder": str(self.folder),
            "steps": [{"run": step} if isinstance(step, str) else step for step in steps],
        }
        self.driver.stdin.write(json.dumps(plain) + "\n")
        self.driver.stdin.flush()
        return json.loads(self.driver.stdout.readline())

    def close(self):
        self.driver.stdin.close()
        assert self.driver.wait(timeout=60) == 0


@pytest.fixture(scope="module")
def registry(tmp_path_factory, root):
    registry = Registry(tmp_path_factory.mktemp("registry"), root)
    yield registry
    registry.close()


@pytest.fixture(scope="module")
def calls(registry):
    """The writes of an undisturbed second promotion, and of a rollback."""
    found = registry.run("promote 1", "promote 3", "rollback")
    assert found["said"] == ["promoted", "promoted", "back to 1"]
    return found["calls"]


def consistent(found):
    """Alias, ledger and target tell one story, and nothing is left to do."""
    head = found["entries"][-1].split()[1]
    assert found["champion"] == found["served"] == head, found
    assert found["unfinished"] is False, found
    assert found["problems"] == [], found
    return head


@pytest.mark.parametrize(
    "write",
    ["create_model_version", "set_registered_model_tag", "set_registered_model_alias", "serve"],
)
def test_a_promotion_that_is_killed_is_finished_by_running_it_again(registry, calls, write):
    at = calls[1].index(write) + 1
    found = registry.run("promote 1", {"run": "promote 3", "kill": at}, "promote challenger")
    assert found["said"][1] == "killed"
    assert consistent(found) == "3"
    assert found["entries"] == ["promote 1", "promote 3"]
    assert found["challenger"] is None


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("rerun", RERUNS)
def test_killed_before_any_of_its_writes_a_promotion_leaves_one_story(registry, calls, rerun):
    written = calls[1].index("create_model_version") + 1
    for at in range(1, len(calls[1]) + 1):
        found = registry.run("promote 1", {"run": "promote 3", "kill": at}, rerun)
        assert found["said"][1] == "killed"
        if rerun == "rollback" or (rerun == "history" and at <= written):
            assert consistent(found) == "1", at
        else:
            assert consistent(found) == "3", at


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("rerun", ["rollback 1", "history", "promote 3"])
def test_killed_before_any_of_its_writes_a_rollback_leaves_one_story(registry, calls, rerun):
    written = calls[2].index("create_model_version") + 1
    for at in range(1, len(calls[2]) + 1):
        found = registry.run("promote 1", "promote 3", {"run": "rollback", "kill": at}, rerun)
        assert found["said"][2] == "killed"
        forward = rerun == "promote 3" or (rerun == "history" and at <= written)
        assert consistent(found) == ("3" if forward else "1"), at


@pytest.mark.rehearsal
@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("rerun", RERUNS)
def test_killed_while_a_refused_promotion_is_taken_back_it_leaves_one_story(registry, calls, rerun):
    undisturbed = registry.run("promote 1", {"run": "promote 3", "refuses": "3"})
    assert "rolled back" in undisturbed["said"][1]
    writes = undisturbed["calls"][1]
    for at in range(writes.index("serve") + 1, len(writes) + 1):
        found = registry.run(
            "promote 1",
            {"run": "promote 3", "refuses": "3", "kill": at},
            {"run": rerun, "refuses": "3"},
        )
        assert found["said"][1] == "killed"
        assert consistent(found) == "1", at


def test_of_two_promotions_at_once_one_wins_and_the_other_is_told(registry):
    found = registry.run("promote 1", {"at_once": ["promote 2", "promote 3"]})
    won = [said for said in found["said"][1:] if said == "promoted"]
    (told,) = [said for said in found["said"][1:] if said != "promoted"]
    assert len(won) == 1
    assert told.startswith("error: somebody else moved the champion at the same time: tester")
    assert "next: look at `radimpress history`" in told
    assert consistent(found) in "23"
    assert len(found["entries"]) == 2


@pytest.mark.slow
def test_a_full_disk_is_one_line_and_the_next_run_goes_through(tmp_path, root):
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(small)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("mounting a small file system needs root")
    try:
        full = Registry(tmp_path, root, f"sqlite:///{small}/mlflow.db")
        found = full.run(
            "promote 1",
            {"sh": f"cat /dev/zero > {small}/filler 2> /dev/null || true"},
            "promote 3",
            {"sh": f"rm {small}/filler"},
            "promote challenger",
        )
        full.close()
    finally:
        subprocess.run(["umount", str(small)], check=True)
    assert re.match(
        r"error: the disk .*is full; next: run the same command again", found["said"][1]
    )
    assert consistent(found) == "3"
    assert found["entries"] == ["promote 1", "promote 3"]


class Server:
    """A real `mlflow server` on loopback, started again as often as it dies."""

    def __init__(self, folder):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.uri = f"http://127.0.0.1:{self.port}"
        self.up = f"until (echo > /dev/tcp/127.0.0.1/{self.port}) 2> /dev/null; do sleep 0.2; done"
        self.command = [
            *(str(Path(sys.executable).parent / "mlflow"), "server", "--workers", "1"),
            *("--host", "127.0.0.1", "--port", str(self.port)),
            *("--backend-store-uri", f"sqlite:///{folder}/server.db"),
            *("--artifacts-destination", str(folder / "artifacts")),
        ]
        self.log = folder / "server.log"
        self.start()

    def start(self):
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                self.command, stdout=log, stderr=log, start_new_session=True
            )
        subprocess.run(["bash", "-c", self.up], check=True, timeout=120)

    @contextmanager
    def started_again(self):
        """Start it again when it dies while the block runs."""

        def watch():
            self.process.wait()
            self.start()

        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        yield
        thread.join(timeout=120)

    def stop(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def server(tmp_path):
    server = Server(tmp_path)
    yield server
    server.stop()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_team_on_a_server_shares_the_ledger_and_survives_the_servers_death(
    server, tmp_path, root, calls
):
    shared = Registry(tmp_path, root, server.uri)
    found = shared.run("promote 1", {"at_once": ["promote 2", "promote 3"]}, "rollback", "history")
    assert sorted(said.split(":")[0] for said in found["said"][1:3]) == ["error", "promoted"]
    assert found["said"][3:] == ["back to 1", "sound"]
    assert consistent(found) == "1"
    for write in ("create_model_version", "set_registered_model_alias"):
        fatal = {
            "run": "promote 3",
            "kill": calls[1].index(write) + 1,
            "victim": -server.process.pid,  # the whole group
        }
        with server.started_again():
            found = shared.run("promote 1", fatal, {"sh": server.up}, "promote challenger")
        assert found["said"][1].startswith(f"error: the MLflow store {server.uri} did not do what")
        assert found["said"][1].endswith("it finishes what was begun")
        assert consistent(found) == "3"
        assert found["entries"] == ["promote 1", "promote 3"]
    shared.close()
