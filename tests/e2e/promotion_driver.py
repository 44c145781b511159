"""Runs promotions that are killed, each in a forked process, and says how the registry stands.

python promotion_driver.py URI < scenarios > results      # a JSON object a line, both ways

A scenario is {"name": model, "folder": scratch, "steps": [...]}, a step one of
    {"run": "promote 3"}                 also "rollback 1", "rollback", "history"
    {"run": "promote 3", "kill": 4}      killed when its 4th write begins
    {"run": "promote 3", "kill": 4, "victim": PID}    PID is killed then, and the command goes on
    {"run": "promote 3", "refuses": "3"}              the target refuses version 3
    {"at_once": ["promote 2", "promote 3"]}           both decide before either writes
    {"sh": "rm filler"}                               what happens to the machine meanwhile
Processes are forked once everything is imported, and open the store themselves, as commands do.
What is patched is patched here, in the child: the program knows nothing of it.
"""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import mlflow.store.model_registry.sqlalchemy_store
import mlflow.store.tracking.sqlalchemy_store  # noqa: F401  # only to be loaded
from mlflow import MlflowClient

from radimpress.config.load import from_params
from radimpress.registry.gates.ruling import GateResult
from radimpress.registry.ledger.ledger import Ledger
from radimpress.registry.promotion import promote as promoting
from radimpress.registry.promotion.decision import Decision
from radimpress.registry.promotion.history import history
from radimpress.registry.promotion.promote import promote
from radimpress.registry.promotion.rollback import rollback
from radimpress.registry.promotion.standing import stand
from radimpress.registry.versions import find
from radimpress.runtime.errors import RadimpressError, next_step
from radimpress.tracking.store import open_store

WRITES = (
    *("log_text", "create_registered_model", "create_model_version", "update_model_version"),
    *("set_registered_model_tag", "set_model_version_tag"),
    *("set_registered_model_alias", "delete_registered_model_alias"),
)


class Window:
    """What users reach: a file that names the version, so that it outlives the process."""

    name = "window"

    def __init__(self, path, refuses):
        self.path, self.refuses = path, refuses

    def serve(self, version):
        if version.number in self.refuses:
            raise next_step(f"window: version {version.number} is broken", "mend it")
        self.path.write_text(version.number)
        return f"window answers with version {version.number}"

    def served(self):
        return self.path.read_text() if self.path.exists() else None


def decide(config, store, candidate, champion, overrides):
    """Gates that every version passes."""
    gate = GateResult("score", True, "0.9", "> 0.8", "", "")
    before = champion.number if champion else None
    return Decision(candidate.number, before, "test", "md5", 300, (gate,), {})


def interrupt(at, victim, calls):
    """Kill `victim` (0: this process) as a power cut does when the `at`-th write begins."""

    def wrap(owner, name):
        original = getattr(owner, name)

        def counted(*arguments, **named):
            calls.append(name)
            if len(calls) == at:
                os.kill(victim or os.getpid(), signal.SIGKILL)
                time.sleep(1)  # until the victim's port is closed
            return original(*arguments, **named)

        setattr(owner, name, counted)

    for name in WRITES:
        wrap(MlflowClient, name)
    wrap(Window, "serve")


def act(config, window, line):
    """Run one command; returns what it said."""
    command, *arguments = line.split()
    try:
        if command == "promote":
            return promote(config, arguments[0], [window]).outcome.value
        if command == "rollback":
            done = rollback(config, arguments[0] if arguments else None, "", [window])
            return f"back to {done.number}"
        return "; ".join(history(config, [window]).problems) or "sound"
    except RadimpressError as error:
        return f"error: {error}"


def prepare(config, folder):
    """Three versions, 3 the challenger."""
    client = open_store(config.tracking).client
    name = config.tracking.registered_model
    remote = config.tracking.uri.startswith("http")
    where = None if remote else f"{folder}/artifacts"
    experiment = client.create_experiment(name, artifact_location=where)
    run = client.create_run(experiment).info
    client.create_registered_model(name)
    for _ in range(3):
        client.create_model_version(
            name, f"{run.artifact_uri}/model", run_id=run.run_id, await_creation_for=0
        )
    client.set_registered_model_alias(name, "challenger", "3")


def state(config, window):
    """How everything stands, read only."""
    store = open_store(config.tracking)
    name = config.tracking.registered_model
    ledger = Ledger(store, name)
    standing = stand(ledger)
    challenger = find(store, name, "challenger")
    return {
        "champion": standing.champion.number if standing.champion else None,
        "challenger": challenger.number if challenger else None,
        "served": window.served(),
        "entries": [f"{e.action} {e.to_version}" for e in standing.chain.entries],
        "unfinished": standing.chain.unfinished is not None,
        "problems": [*standing.chain.problems, *filter(None, [standing.drift])],
    }


def started(action):
    """Run `action` in a child; returns the child and where its result will be read."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        with os.fdopen(writer, "w") as pipe:
            pipe.write(json.dumps(action()))
        os._exit(0)
    os.close(writer)
    return child, reader


def finished(child, reader):
    """What the child returned, or None where it was killed."""
    with os.fdopen(reader) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else None


def meeting(place, number):
    """A `decide` that returns once `number` processes are as far."""

    def decide_together(*arguments):
        (place / str(os.getpid())).touch()
        while len(list(place.iterdir())) < number:
            time.sleep(0.01)
        return decide(*arguments)

    return decide_together


def scenario(base, uri, plain):
    """Run the steps of a scenario, each in a process of its own."""
    folder, name = Path(plain["folder"]), plain["name"]
    config = replace(base, tracking=replace(base.tracking, uri=uri, registered_model=name))

    def run(step):
        calls = []
        interrupt(step.get("kill", 0), step.get("victim", 0), calls)
        window = Window(folder / f"{name}.served", set(step.get("refuses", "")))
        return {"said": act(config, window, step["run"]), "calls": calls}

    def together(step):
        place = folder / f"{name}.meeting"
        place.mkdir()
        promoting.decide = meeting(place, len(step["at_once"]))
        children = [started(lambda c=c: run({"run": c})) for c in step["at_once"]]
        promoting.decide = decide
        return [finished(*child) for child in children]

    finished(*started(lambda: prepare(config, folder)))
    results = []
    for step in plain["steps"]:
        if "sh" in step:
            subprocess.run(["bash", "-c", step["sh"]], check=True)
        elif "at_once" in step:
            results += together(step)
        else:
            results.append(finished(*started(lambda step=step: run(step))))
    return {
        "said": [result["said"] if result else "killed" for result in results],
        "calls": [result["calls"] if result else [] for result in results],
        **finished(*started(lambda: state(config, Window(folder / f"{name}.served", set())))),
    }


def main():
    """Answer every scenario of standard input."""
    promoting.decide = decide
    base = from_params(Path(os.environ["RADIMPRESS_TEST_PARAMS"]))
    for line in sys.stdin:
        print(json.dumps(scenario(base, sys.argv[1], json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
