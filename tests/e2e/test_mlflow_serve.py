"""`mlflow models serve` with the registered model: started for real, asked over HTTP."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from radimpress.config.schema import ModelStorage, Tracking
from radimpress.modeling.summarizer import Summarizer
from radimpress.tracking.models import log_model
from radimpress.tracking.store import open_store

pytestmark = pytest.mark.slow

FINDINGS = ["The heart is normal in size.", "Small left pleural effusion."]
SECONDS_TO_START = 240


@dataclass(frozen=True)
class Server:
    """A running scoring server, the model folder it was logged from, and its log file."""

    port: int
    folder: Path
    log: Path

    def ask(self, rows: list[dict[str, object]]) -> tuple[int, dict[str, object]]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/invocations",
            json.dumps({"dataframe_records": rows}).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def answers(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/ping", timeout=5)
        except OSError:
            return False
        return True


@pytest.fixture(scope="module")
def server(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    root = tmp_path_factory.mktemp("scoring")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DVC_ROOT", str(root))
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        store = open_store(Tracking(experiment="scoring"))
    experiment = store.experiment("scoring", "a note")
    run = store.client.create_run(experiment).info.run_id
    uri = log_model(store, experiment, run, model_folder, ModelStorage.copy)
    store.client.create_registered_model("radimpress")
    version = store.client.create_model_version("radimpress", uri, run_id=run)
    store.client.set_registered_model_alias("radimpress", "challenger", version.version)
    port, log = 20000 + os.getpid() % 20000, root / "server.log"
    command = (
        *(sys.executable, "-m", "mlflow", "models", "serve"),
        *("-m", "models:/radimpress@challenger", "--env-manager", "local", "--port", str(port)),
    )
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # it starts `uvicorn`
    environment = {**os.environ, "MLFLOW_TRACKING_URI": store.uri, "PATH": path}
    with log.open("w") as stream:
        process = subprocess.Popen(
            command, cwd=root, env=environment, stdout=stream, stderr=subprocess.STDOUT
        )
    running = Server(port, model_folder, log)
    try:
        deadline = time.monotonic() + SECONDS_TO_START
        while not running.answers():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.5)
        yield running
    finally:
        process.terminate()
        process.wait(30)


def test_it_writes_what_the_model_folder_writes(server: Server) -> None:
    status, answer = server.ask([{"findings": text} for text in FINDINGS])
    expected = Summarizer.from_folder(server.folder, "cpu").summarize(FINDINGS)
    assert status == 200
    assert answer == {"predictions": [each.prediction for each in expected]}


def test_an_absent_background_is_none(server: Server) -> None:
    plain = server.ask([{"findings": FINDINGS[0]}])
    assert server.ask([{"findings": FINDINGS[0], "background": None}]) == plain


@pytest.mark.parametrize(
    ("findings", "problem"),
    [("", "are empty"), (None, "is no text"), (3, "is no text"), (["CANARY"], "is no text")],
)
def test_bad_findings_are_refused_in_one_line_without_a_stack_trace_or_any_report(
    server: Server, findings: object, problem: str
) -> None:
    status, answer = server.ask([{"findings": "CANARY lungs."}, {"findings": findings}])
    assert status == 400
    assert problem in str(answer["message"])
    assert "next: " in str(answer["message"])
    assert "stack_trace" not in answer
    assert "CANARY" not in json.dumps(answer)


def test_the_log_holds_no_report_text(server: Server) -> None:
    server.ask([{"findings": "CANARY lungs."}, {"findings": ""}])
    server.ask([{"finding": "CANARY"}])
    assert "CANARY" not in server.log.read_text()
