import json
import subprocess
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from radimpress.registry.ledger.entry import draft
from radimpress.registry.ledger.ledger import Ledger
from radimpress.registry.lineage.endpoint import Served
from radimpress.registry.lineage.git_repository import GitRepository
from radimpress.registry.lineage.link import State
from radimpress.registry.lineage.recorded import COMMITTED, KEPT, Recorded
from radimpress.registry.lineage.walk import (
    commit_link,
    config_link,
    endpoint_link,
    ledger_link,
    lock_link,
    run_link,
    walk,
)
from radimpress.registry.versions import Version, version
from radimpress.runtime.errors import RadimpressError


def states(walked):
    return {link.name: link.state for link in walked.links}


def broken(walked):
    return {link.name for link in walked.links if link.state is State.broken}


def test_every_link_of_a_registered_model_holds(registered, config, repository):
    walked = walk(config, root=repository)
    assert walked.version.number == registered.version
    assert not walked.is_broken
    assert [link.name for link in walked.links] == [
        *("version", "model", "run", "configuration", "commit", "dvc.lock"),
        *("code", "raw data", "clean", "splits", "foundation"),
    ]
    assert set(states(walked).values()) == {State.holds}


def test_what_moved_on_in_the_workspace_is_found_in_the_cache(registered, config, repository):
    (repository / "data/clean/reports.parquet").write_text("the next corpus")
    (repository / "dvc.lock").write_text("schema: '2.0'\nstages: {}\n")
    (repository / "params.yaml").write_text("seed: 99\n")
    walked = walk(config, root=repository)
    assert set(states(walked).values()) == {State.holds}
    where = {link.name: link.why for link in walked.links}
    assert where["clean"] == "data/clean: in DVC's cache"
    assert where["dvc.lock"] == "dvc.lock kept with the run gives it"
    assert where["configuration"] == "params.yaml kept with the run gives it"


def test_what_is_gone_cannot_be_checked_and_what_is_changed_is_broken(
    registered, config, repository, store
):
    found = version(store, registered.name, registered.version)
    source = store.client.get_model_version_download_uri(registered.name, registered.version)
    (weights,) = _folder(source).rglob("model.safetensors")
    weights.write_bytes(b"other weights")
    cached = list((repository / ".dvc/cache/files/md5").glob("*/*"))
    for path in cached:
        path.chmod(0o644)
    (repository / "data/clean/reports.parquet").unlink()
    for path in cached:
        path.unlink()
    walked = walk(config, found.number, root=repository)
    assert broken(walked) == {"model"}
    assert states(walked)["clean"] is State.unchecked
    assert states(walked)["splits"] is State.holds  # still in the workspace
    assert walked.is_broken


def test_other_code_than_the_stages_ran_with_is_a_broken_link(
    registered, config, repository, store
):
    (repository / "src/radimpress/code.py").write_text("code = 2\n")
    git = ["git", "-c", "user.email=a@b.invalid", "-c", "user.name=a", "commit", "-qam", "two"]
    subprocess.run(git, cwd=repository, check=True)
    head = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=repository, text=True).strip()
    client, name = store.client, registered.name
    client.set_model_version_tag(name, registered.version, "radimpress.git_commit", head)
    walked = walk(config, root=repository)
    assert broken(walked) == {"code"}
    why = next(link.why for link in walked.links if link.name == "code")
    assert why.startswith("src/radimpress at the commit")


def test_an_endpoint_is_walked_by_what_it_says_it_serves(registered, config, repository, store):
    found = version(store, registered.name, registered.version)
    said = {"name": found.name, "version": found.number, "model_sha256": found.model_sha256}
    with serving(said) as url:
        assert states(walk(config, url, root=repository))["endpoint"] is State.holds
    with serving({**said, "model_sha256": "0" * 64}) as url:
        assert broken(walk(config, url, root=repository)) == {"endpoint"}


def test_an_unknown_version_is_told(registered, config, repository):
    with pytest.raises(RadimpressError, match="has no version 9"):
        walk(config, "9", root=repository)


CHOSEN = Version("m", "3", "", "", ("champion",), {"radimpress.model_sha256": "aa"})


def test_the_champion_is_the_one_of_the_ledger(store, config):
    name = config.tracking.registered_model
    chosen = replace(CHOSEN, name=name)
    assert ledger_link(store, chosen).state is State.broken
    assert "by hand" in ledger_link(store, chosen).why
    store.client.create_registered_model(name)
    for _ in range(3):
        store.client.create_model_version(name, "file:///tmp/x", await_creation_for=0)
    written = replace(draft("promote", name, None, "3"), model_sha256="aa", who="somebody")
    Ledger(store, name).append(written, None)
    assert ledger_link(store, chosen).state is State.holds
    assert ledger_link(store, chosen).why == "promote by somebody; the chain is sound"
    assert ledger_link(store, replace(chosen, number="2")).state is State.broken
    assert ledger_link(store, replace(chosen, tags={})).state is State.broken


def test_a_run_that_is_gone_or_another_is_a_broken_link(store, experiment):
    run = store.client.create_run(experiment, tags={"radimpress.key": "k"}).info.run_id
    chosen = replace(CHOSEN, run_id=run, tags={"radimpress.key": "k"})
    assert "half-written" in run_link(store, chosen).why
    store.client.set_tag(run, "radimpress.complete", "true")
    assert run_link(store, chosen).state is State.holds
    other = replace(chosen, tags={"radimpress.key": "other"})
    assert "other predictions or scores" in run_link(store, other).why
    store.client.delete_run(run)
    assert "deleted" in run_link(store, chosen).why
    assert run_link(store, replace(chosen, run_id="0" * 32)).state is State.broken
    assert run_link(store, replace(chosen, run_id="")).state is State.broken


@pytest.mark.parametrize(
    ("found", "wanted", "state"),
    [
        (Recorded("t", COMMITTED, True), "aa", State.holds),
        (Recorded("t", KEPT, False), "aa", State.broken),
        (Recorded("t", COMMITTED, False), "aa", State.unchecked),
        (None, "aa", State.unchecked),
        (None, "", State.broken),
    ],
)
def test_a_recorded_file_is_broken_only_where_the_kept_one_is_another(found, wanted, state):
    assert config_link(found, wanted).state is state
    assert lock_link(found, wanted).state is state


def test_a_commit_is_here_was_all_there_was_or_cannot_be_seen(repository):
    head = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=repository, text=True).strip()
    git = GitRepository(repository)
    assert commit_link(git, head, dirty=False).state is State.holds
    assert commit_link(git, head, dirty=True).state is State.broken
    assert commit_link(git, "0" * 40, dirty=False).state is State.unchecked
    assert commit_link(git, "", dirty=False).state is State.broken


def test_an_endpoint_that_gives_no_hash_is_broken():
    assert endpoint_link(Served("http://x", "m", "3", ""), CHOSEN).state is State.broken
    assert endpoint_link(Served("http://x", "m", "3", "aa"), CHOSEN).state is State.holds
    unmeasured = Version("m", "3", "run", "source")
    assert endpoint_link(Served("http://x", "m", "3", ""), unmeasured).state is State.broken


def _folder(uri):
    from pathlib import Path

    return Path(uri.removeprefix("file://"))


class serving:  # noqa: N801  # reads as a verb where it is used
    """A server that answers GET /model."""

    def __init__(self, said):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                body = json.dumps(said).encode()
                self.send_response(200 if self.path == "/model" else 404)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self):
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()
        return f"http://127.0.0.1:{self.server.server_port}"

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
