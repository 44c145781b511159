"""The MLflow UI, opened on the page where runs are compared."""

import socket
import subprocess
import sys
import threading
import time
import webbrowser

from radimpress.config.schema import Tracking
from radimpress.runtime.errors import next_step
from radimpress.runtime.roots import mlruns_root
from radimpress.tracking.shared_view import KEY
from radimpress.tracking.store import open_store

HOST = "127.0.0.1"
WAIT_SECONDS = 60.0


def comparison_page(base: str, experiment: str) -> str:
    """The runs of an experiment as a chart comparison.

    MLflow 3 opens in its GenAI mode, which hides the registry; `workflowType` brings back the
    pages that this project fills, and the shared view shows what matters first.
    """
    query = f"workflowType=machine_learning&compareRunsMode=CHART&viewStateShareKey={KEY}"
    return f"{base}/#/experiments/{experiment}/runs?{query}"


def serve_ui(tracking: Tracking, port: int, browser: bool) -> None:
    """Serve the local store until Ctrl-C; of a remote one, only say where its page is."""
    store = open_store(tracking)
    found = store.client.get_experiment_by_name(tracking.experiment)
    if found is None:
        raise next_step(
            f"there is no experiment {tracking.experiment!r} yet", "run `make pipeline` first"
        )
    if not store.is_local:
        print(comparison_page(store.uri.rstrip("/"), found.experiment_id))
        return
    if _answers(port):
        raise next_step(f"port {port} is taken", "choose another: radimpress ui --port 5001")
    page = comparison_page(f"http://{HOST}:{port}", found.experiment_id)
    command = [sys.executable, "-m", "mlflow", "server", "--host", HOST, "--port", str(port)]
    command += ["--workers", "1", "--backend-store-uri", store.uri]
    command += ["--default-artifact-root", str(mlruns_root() / "artifacts")]
    server = subprocess.Popen(command)
    threading.Thread(target=_announce, args=(page, port, browser), daemon=True).start()
    try:
        server.wait()
    except KeyboardInterrupt:
        server.terminate()
        server.wait()


def _announce(page: str, port: int, browser: bool) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not _answers(port):
        if time.monotonic() > deadline:
            return
        time.sleep(0.2)
    print(f"\ncompare runs at {page}\n(Ctrl-C ends the server)", flush=True)
    if browser:
        webbrowser.open(page)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((HOST, port)) == 0
