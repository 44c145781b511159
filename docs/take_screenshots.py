"""The screenshots of docs/comparing-runs.md: this repository's MLflow store in headless Chromium.

python docs/take_screenshots.py                      # after `make pipeline`, into docs/images
python docs/take_screenshots.py --out /tmp/shots --browser /usr/bin/chromium

Shows what stands in the local store; with a champion and a challenger the pages have most to say.
Needs the `test` extra (Playwright) and a Chromium. No outside request is let through.
"""

import argparse
import contextlib
import io
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, TimeoutError, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from radimpress.config.load import from_params
from radimpress.registry.versions import CHALLENGER, CHAMPION, Version, find
from radimpress.runtime.errors import RadimpressError, next_step
from radimpress.runtime.roots import mlruns_root
from radimpress.tracking.names import SYSTEM
from radimpress.tracking.shared_view import TITLE
from radimpress.tracking.store import Store, open_store
from radimpress.tracking.ui import comparison_page

SIZE = {"width": 1440, "height": 900}
COLOURS = 128  # of the PNG's palette: keeps a page of text below 150 kB
SECONDS = 90.0
REST_MS = 12_000
# Else MLflow's assistant opens beside the page on the first visit and takes a quarter of it.
NO_ASSISTANT = "localStorage.setItem('mlflow.assistant.fab.autoOpenedOnFirstLoad_v1', 'true')"
MACHINE_LEARNING = "workflowType=machine_learning"


def main() -> None:
    """Serve the store, walk through the pages, write the pictures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    parser.add_argument("--browser", default="/usr/bin/chromium")
    wanted = parser.parse_args()
    config = from_params()
    store = open_store(config.tracking)
    experiment = store.client.get_experiment_by_name(config.tracking.experiment)
    if experiment is None:
        raise next_step("there is no run to show yet", "run `make pipeline`")
    model = config.tracking.registered_model
    shown = find(store, model, CHALLENGER) or find(store, model, CHAMPION)
    if shown is None:
        raise next_step(f"{model} has no version to show yet", "run `make pipeline`")
    with served(store) as base, browser(wanted.browser, base) as page:
        for shot in shots(store, str(experiment.experiment_id), model, shown):
            take(page, base, shot, wanted.out / f"mlflow-{shot.name}.png")


@dataclass(frozen=True, slots=True)
class Shot:
    """A page, and a text on it that has come into sight before the picture is taken."""

    name: str
    address: str
    sight: str


def shots(store: Store, experiment: str, model: str, shown: Version) -> list[Shot]:
    """The pages of the docs; the runs compared are the two newest of the fine-tuned model."""
    runs = store.client.search_runs([experiment], order_by=["attributes.start_time DESC"])
    tuned = [run for run in runs if run.data.tags.get(SYSTEM) == "finetuned"]
    compared = ",".join(f'"{run.info.run_id}"' for run in (tuned if len(tuned) > 1 else runs)[:2])
    pair = f'compare-runs?runs=[{compared}]&experiments=["{experiment}"]'
    charts = comparison_page("", experiment).removeprefix("/#/")
    return [
        Shot("runs", charts.replace("&compareRunsMode=CHART", ""), str(runs[0].info.run_name)),
        Shot("charts", charts, TITLE),
        Shot("compare", f"{pair}&{MACHINE_LEARNING}", "Artifacts"),
        Shot("run", f"experiments/{experiment}/runs/{shown.run_id}?{MACHINE_LEARNING}", "this run"),
        Shot("model", f"models/{model}?{MACHINE_LEARNING}", "What is deployed"),
        Shot("version", f"models/{model}/versions/{shown.number}?{MACHINE_LEARNING}", "Scores on"),
    ]


@contextlib.contextmanager
def served(store: Store) -> Iterator[str]:
    """The MLflow server over the local store, on a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "1", "--backend-store-uri", store.uri]
    command += ["--default-artifact-root", str(mlruns_root() / "artifacts")]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    try:
        wait_for(port)
        yield base
    finally:
        server.terminate()
        server.wait()


@contextlib.contextmanager
def browser(executable: str, base: str) -> Iterator[Page]:
    """A page that reaches the server and nothing else."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        page = opened.new_page(viewport=SIZE, color_scheme="light")
        page.add_init_script(NO_ASSISTANT)
        page.route(
            "**/*",
            lambda route: (
                route.continue_() if route.request.url.startswith(base) else route.abort()
            ),
        )
        try:
            yield page
        finally:
            opened.close()


def take(page: Page, base: str, shot: Shot, target: Path) -> None:
    """Open a page, let it come to rest, write it with a small palette."""
    page.goto("about:blank")
    page.goto(f"{base}/#/{shot.address}")
    sight = page.get_by_text(shot.sight).first
    sight.wait_for(timeout=SECONDS * 1000)
    with contextlib.suppress(TimeoutError):  # some pages never stop asking for news
        page.wait_for_load_state("networkidle", timeout=REST_MS)
    with contextlib.suppress(TimeoutError):
        page.get_by_text("Show more", exact=True).first.click(timeout=1000)
    sight.scroll_into_view_if_needed()
    page.wait_for_timeout(REST_MS / 4)  # charts draw after their data came
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    target.parent.mkdir(parents=True, exist_ok=True)
    picture.quantize(COLOURS).save(target, optimize=True)
    print(f"{target}: {target.stat().st_size / 1000:.0f} kB")


def wait_for(port: int) -> None:
    """Until somebody listens. Raises RadimpressError after `SECONDS`."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 2):
            return
        time.sleep(0.5)
    raise next_step("the MLflow server did not start", "try `radimpress ui`")


if __name__ == "__main__":
    try:
        main()
    except RadimpressError as error:
        sys.exit(f"error: {error}")
