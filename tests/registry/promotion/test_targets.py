import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from radimpress.registry.promotion.targets import LocalServers, targets
from radimpress.registry.versions import Version
from radimpress.runtime.errors import RadimpressError

SEVEN = Version("m", "7", "", "")
DEAD = 2**22 + 1  # above the largest process id


class Server:
    """Answers GET /model with `states`, one after another, the last for ever."""

    def __init__(self):
        self.states, self.status, self.headers = [{"version": "3", "reload_error": None}], 200, {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.headers = dict(self.headers)
                state = outer.states[0] if len(outer.states) == 1 else outer.states.pop(0)
                self.send_response(outer.status)
                self.end_headers()
                text = state if isinstance(state, str) else json.dumps(state)
                self.wfile.write(text.encode())

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(
            target=self.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()

    def says(self, *states):
        self.states = [{"reload_error": None, **state} for state in states]


@pytest.fixture
def server():
    server = Server()
    yield server
    server.http.shutdown()
    server.http.server_close()


@pytest.fixture
def note(tmp_path):
    def note(url, model="models:/m@champion", process=None):
        process = process or os.getpid()
        plain = {"url": url, "model": model, "pid": process}
        (tmp_path / f"{process}.json").write_text(json.dumps(plain))

    return note


@pytest.fixture
def local(tmp_path):
    return LocalServers("m", tmp_path, wait_s=0.5)


def test_nobody_serves(local):
    assert local.serve(SEVEN) == "no local server follows the champion"
    assert local.served() is None


def test_it_waits_until_the_server_has_switched(local, server, note):
    note(server.url)
    server.says({"version": "3"}, {"version": "3"}, {"version": "7"})
    assert local.serve(SEVEN) == f"{server.url} answers with version 7"
    assert local.served() == "7"


def test_a_server_that_refuses_the_version_says_why(local, server, note):
    note(server.url)
    failure = "version 7 is not served: its files are damaged"
    server.says({"version": "3"}, {"version": "3", "reload_error": failure})
    with pytest.raises(RadimpressError, match="does not take version 7: version 7 is not served: "):
        local.serve(SEVEN)


def test_an_old_error_about_another_version_is_not_held_against_it(local, server, note):
    note(server.url)
    old = {"version": "3", "reload_error": "version 77 is not served: 7 files are damaged"}
    server.says(old, old, {"version": "7"})
    assert "answers with version 7" in local.serve(SEVEN)


def test_a_server_that_never_switches_is_a_refusal(local, server, note):
    note(server.url)
    with pytest.raises(RadimpressError, match="still answers with version 3 after"):
        local.serve(SEVEN)


@pytest.mark.parametrize(
    ("model", "process"), [("models:/m/3", None), ("models:/n@champion", None), (None, DEAD)]
)
def test_servers_that_do_not_follow_or_do_not_live_are_passed_over(
    local, server, note, model, process
):
    note(server.url, model or "models:/m@champion", process)
    assert local.serve(SEVEN) == "no local server follows the champion"


def test_a_server_that_ended_without_tidying_up_is_passed_over(local, server, note):
    note("http://127.0.0.1:9")  # nobody listens there
    assert local.serve(SEVEN) == "no local server follows the champion"


def test_a_file_that_is_no_note_is_passed_over(local, tmp_path):
    (tmp_path / "1.json").write_text("{")
    (tmp_path / "2.json").write_text("[]")
    assert local.serve(SEVEN) == "no local server follows the champion"


def test_a_server_behind_a_token_is_asked_with_it(tmp_path, server, note):
    note(server.url)
    server.says({"version": "7"})
    LocalServers("m", tmp_path, token="t").serve(SEVEN)
    assert server.headers["Authorization"] == "Bearer t"
    server.status = 401
    with pytest.raises(RadimpressError, match="status 401.*next: set RADIMPRESS_TOKEN"):
        LocalServers("m", tmp_path).serve(SEVEN)


def test_a_server_that_is_loading_its_first_model_is_waited_for(local, server, note):
    note(server.url)
    server.status = 503
    with pytest.raises(RadimpressError, match="it does not answer after"):
        local.serve(SEVEN)


def test_a_promotion_brings_the_local_servers_in_line(config, store_root, monkeypatch):
    monkeypatch.setenv(config.serving.token_variable, "secret")
    (only,) = targets(config)
    assert only.follows == f"models:/{config.tracking.registered_model}@champion"
    assert only.folder == store_root / "mlruns" / "servers"
    assert only.token == "secret"


def test_an_answer_that_is_no_json_is_a_refusal_and_no_crash(local, server, note):
    note(server.url)
    server.states = ["<html>another program</html>"]
    with pytest.raises(RadimpressError, match=r"it does not answer after 0 s"):
        local.serve(SEVEN)
