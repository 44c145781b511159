import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from radimpress.registry.lineage.endpoint import Served, served_by
from radimpress.runtime.errors import RadimpressError

SAID = {"name": "radimpress", "version": "3", "model_sha256": "aa"}
TOKEN = "A_TOKEN_OF_TESTS"


@pytest.fixture
def answering():
    """Start a server that gives one answer to GET /model; yields a function and its requests."""
    servers, asked = [], []

    def answering(body, status=200):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append((self.path, self.headers.get("Authorization")))
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield answering, asked
    for server in servers:
        server.shutdown()
        server.server_close()


def test_the_server_names_the_version_and_its_bytes(answering):
    start, asked = answering
    url = start(json.dumps(SAID).encode())
    assert served_by(f"{url}/", TOKEN) == Served(url, "radimpress", "3", "aa")
    assert asked == [("/model", None)]


def test_a_token_is_sent_where_one_is_set(answering, monkeypatch):
    start, asked = answering
    monkeypatch.setenv(TOKEN, "secret")
    served_by(start(json.dumps(SAID).encode()), TOKEN)
    assert asked == [("/model", "Bearer secret")]


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (b"{}", 401, f"answers 401; next: set {TOKEN}"),
        (b"{}", 500, "answers 500; next: check the address"),
        (b"<html>", 200, "does not answer as a model server"),
        (b"[]", 200, "serves a folder, not a registered version"),
        (b'{"name": "x", "version": null}', 200, "serves a folder, not a registered version"),
    ],
)
def test_another_server_is_told_apart(answering, body, status, message):
    with pytest.raises(RadimpressError, match=message):
        served_by(answering[0](body, status), TOKEN)


def test_nobody_listening_is_told():
    with pytest.raises(RadimpressError, match="start one with `radimpress serve`"):
        served_by("http://127.0.0.1:9", TOKEN)
