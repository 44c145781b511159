"""As far as this machine goes: the plugin, its signature, and a stand-in for AWS's server."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from botocore.stub import Stubber

from radimpress.cloud.account.managed_mlflow import OPEN_S, is_managed, page
from radimpress.cloud.session import Session
from radimpress.config.schema import Tracking
from radimpress.runtime.errors import RadimpressError
from radimpress.tracking.store import open_store

ARN = "arn:aws:sagemaker:us-east-1:123456789012:mlflow-tracking-server/ours"


@dataclass
class Server:
    """Answers every search with nothing, and keeps what it was asked."""

    url: str = ""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, loopback) -> Iterator[Server]:
    seen = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            seen.asked.append((self.path, dict(self.headers)))
            body = json.dumps({"experiments": []}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        threading.Thread(
            target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()
        seen.url = f"http://127.0.0.1:{http.server_port}"
        monkeypatch.setenv("SAGEMAKER_MLFLOW_CUSTOM_ENDPOINT", seen.url)
        yield seen
        http.shutdown()


def test_an_arn_as_tracking_uri_opens_a_store_whose_requests_are_signed(server: Server) -> None:
    store = open_store(Tracking(uri=ARN))
    assert not store.is_local
    path, headers = server.asked[0]
    assert path.endswith("/experiments/search")
    assert headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=loopback/")
    assert "us-east-1/sagemaker-mlflow/aws4_request" in headers["Authorization"]
    assert ARN in headers.values()


def test_a_managed_server_that_does_not_answer_is_one_line(
    loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAGEMAKER_MLFLOW_CUSTOM_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with pytest.raises(RadimpressError, match="mlflow-tracking-server/ours does not answer"):
        open_store(Tracking(uri=ARN))


def test_its_page_is_opened_by_a_signed_address(session: Session) -> None:
    with Stubber(session.client("sagemaker")) as answers:
        answers.add_response(
            "create_presigned_mlflow_tracking_server_url",
            {"AuthorizedUrl": "https://signed.example/auth?token"},
            {"TrackingServerName": "ours", "ExpiresInSeconds": OPEN_S},
        )
        assert page(session, ARN) == "https://signed.example/auth?token"


def test_only_an_arn_is_managed() -> None:
    assert is_managed(ARN)
    assert not is_managed("https://mlflow.example")
    assert not is_managed("sqlite:////somewhere/mlflow.db")
