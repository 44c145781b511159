"""What clients of the server rely on, asked over a real socket: docs/serving.md in tests."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

FINDINGS = "There is a small left pleural effusion. No pneumothorax."
SECURITY = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


def _start(root, folder, token="", **settings):
    control = folder / "control.json"
    control.write_text(json.dumps({"version": "7", "mode": "well"}))
    log = folder / "log.jsonl"
    process = subprocess.Popen(
        [
            sys.executable,
            root / "tests" / "serving" / "stand_in_server.py",
            control,
            json.dumps({"port": 0, **settings}),
        ],
        stderr=log.open("w"),
        env={**os.environ, "RADIMPRESS_TOKEN": token, "DVC_ROOT": str(folder)},
    )
    deadline = time.monotonic() + 60
    while "serving" not in log.read_text():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return process, json.loads(log.read_text().splitlines()[0])["url"], log


@pytest.fixture(scope="module")
def server(root: Path, tmp_path_factory):
    process, url, log = _start(
        root, tmp_path_factory.mktemp("server"), max_reports=4, max_body_bytes=5000
    )
    yield url, log
    process.terminate()
    assert process.wait(20) == 0


@pytest.fixture
def client(server):
    with httpx.Client(base_url=server[0]) as client:
        yield client


def invoke(client, body, content_type="application/json", **headers):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(
        "/invocations", content=raw, headers={"content-type": content_type, **headers}
    )


def test_ping_answers_200_once_the_model_does(client):
    answer = client.get("/ping")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_one_report(client):
    answer = invoke(client, {"findings": FINDINGS, "study_id": "s1"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    plain = answer.json()
    assert list(plain) == [
        "study_id",
        "impression",
        "statements",
        "truncated",
        "clipped",
        "model",
    ]
    assert plain["impression"] == "No pneumothorax."
    assert plain["model"] == {"name": "radimpress", "version": "7", "fingerprint": "f" * 64}
    (statement,) = plain["statements"]
    assert list(statement) == [
        "text",
        "start",
        "end",
        "support",
        "observations",
        "evidence",
        "notes",
        "concerns",
    ]
    assert statement["support"] == "supported"
    (span,) = statement["evidence"]
    assert FINDINGS[span["start"] : span["end"]].strip(" .") == "No pneumothorax"


def test_a_list_of_reports_gives_a_list_in_order(client):
    answer = invoke(client, [{"findings": f"Cough. Finding {word}."} for word in ("a", "b", "c")])
    impressions = [each["impression"] for each in answer.json()]
    assert impressions == ["Finding a.", "Finding b.", "Finding c."]


def test_lines_give_lines(client):
    body = b'{"findings": "Cough. One."}\n{"findings": "Cough. Two.", "statements": false}\n'
    answer = invoke(client, body, "application/jsonlines")
    assert answer.headers["content-type"] == "application/jsonlines"
    one, two = (json.loads(line) for line in answer.text.splitlines())
    assert (one["impression"], two["impression"]) == ("One.", "Two.")
    assert "statements" in one
    assert "statements" not in two


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code", "field"),
    [
        ({}, "application/json", 400, "missing_field", "findings"),
        ({"findings": 5}, "application/json", 400, "bad_field", "findings"),
        ({"findings": ""}, "application/json", 400, "bad_field", "findings"),
        ({"findings": "A b.", "top_k": 1}, "application/json", 400, "unknown_field", "top_k"),
        ([{"findings": "A b."}, {}], "application/json", 400, "missing_field", "[1].findings"),
        ([], "application/json", 400, "bad_json", None),
        (b'{"findings": NaN}', "application/json", 400, "bad_json", None),
        (b"\xff\xfe", "application/json", 400, "bad_json", None),
        (b"[" * 4999, "application/json", 400, "bad_json", None),
        (b"", "application/json", 400, "bad_json", None),
        (b"x" * 5001, "application/json", 413, "too_large", None),
        ([{"findings": "A b."}] * 5, "application/json", 413, "too_many_reports", None),
        ({"findings": "A b."}, "text/plain", 415, "unsupported_media_type", None),
        ({"findings": "A b."}, "", 415, "unsupported_media_type", None),
    ],
)
def test_a_refusal_is_json_and_names_the_field(client, body, content_type, status, code, field):
    answer = invoke(client, body, content_type)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert (error["code"], error["field"]) == (code, field)
    assert error["message"]
    assert error["next"]
    assert client.get("/ping").status_code == 200


def test_a_large_body_is_refused_with_and_without_its_length(client):
    def chunks():
        for _ in range(640):
            yield b" " * 16_384

    answer = client.post(
        "/invocations", content=chunks(), headers={"content-type": "application/json"}
    )
    assert answer.status_code == 413
    assert invoke(client, b" " * 10_000_000).status_code == 413
    assert invoke(client, {"findings": FINDINGS}).status_code == 200


def test_no_such_route_and_no_such_method_are_json_too(client):
    missing = client.get("/nosuch")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "not_found")
    for method, path in (("GET", "/invocations"), ("POST", "/ping"), ("DELETE", "/model")):
        answer = client.request(method, path)
        assert answer.status_code == 405
        assert answer.json()["error"]["code"] == "method_not_allowed"
        assert answer.headers["allow"]


@pytest.mark.parametrize("path", ["/ping", "/", "/model", "/examples", "/metrics", "/nosuch"])
def test_every_answer_carries_strict_headers(client, path):
    headers = client.get(path).headers
    assert SECURITY.items() <= dict(headers).items()
    assert headers["content-security-policy"].startswith("default-src 'self'; ")
    assert len(headers["x-request-id"]) == 16
    assert "server" not in headers


def test_a_page_elsewhere_cannot_ask(client):
    rebound = client.get("/model", headers={"host": "evil.example"})
    assert (rebound.status_code, rebound.json()["error"]["code"]) == (421, "wrong_host")
    preflight = client.options("/invocations", headers={"origin": "http://evil.example"})
    assert preflight.status_code == 405
    assert not any(name.startswith("access-control") for name in preflight.headers)


def test_the_model_is_described(client):
    plain = client.get("/model").json()
    assert plain["name"] == "radimpress"
    assert plain["version"] == "7"
    assert plain["fingerprint"] == "f" * 64
    assert plain["model_sha256"] == "a" * 64
    assert plain["engine"] == "transformers"
    assert plain["loaded_at"] == "2026-11-23T12:00:00+00:00"
    assert plain["scores"] == {"rougeL": {"value": 0.8, "low": 0.7, "high": 0.9, "n": 300}}
    assert plain["trained_on"] == "synthetic"
    assert plain["access"] == "public"
    assert plain["card"] == "# A card"
    assert plain["reload_error"] is None
    assert "Not a medical device" in plain["intended_use"]


def test_examples_are_given(client):
    assert client.get("/examples").json() == [
        {"title": "Pleural Effusion", "findings": "Small left pleural effusion."}
    ]


def test_the_page_and_its_files_are_served_and_nothing_beside_them(client):
    page = client.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert client.get("/page/index.html").content == page.content
    for name in ("../app.py", "..%2fapp.py", "%2e%2e/app.py", "nosuch.js"):
        assert client.get(f"/page/{name}").status_code == 404


def test_no_documentation_page_fetches_from_outside(client):
    assert client.get("/docs").status_code == 404
    assert client.get("/redoc").status_code == 404
    schema = client.get("/openapi.json").json()
    assert set(schema["paths"]) == {"/ping", "/invocations", "/model", "/examples", "/metrics"}
    assert "requestBody" in schema["paths"]["/invocations"]["post"]


def test_metrics_are_in_prometheus_format(client):
    invoke(client, {"findings": FINDINGS})
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'radimpress_requests_total{route="/invocations",status="200"}' in answer.text
    assert 'version="7"' in answer.text


def test_a_request_id_is_kept(client):
    answer = invoke(client, {"findings": FINDINGS}, **{"x-request-id": "trace-1.2_3"})
    assert answer.headers["x-request-id"] == "trace-1.2_3"


def test_the_log_holds_a_line_for_every_request_and_no_text(client, server):
    canary = "Zyxomatous"
    invoke(client, {"findings": f"{canary} effusion.", "study_id": canary})
    invoke(client, {"findings": 1, canary: 2})
    invoke(client, b'{"findings": "' + canary.encode())
    client.get(f"/{canary}?{canary}={canary}")
    client.request(canary.upper(), "/ping")
    time.sleep(0.1)
    log = server[1].read_text()
    assert canary.lower() not in log.lower()
    lines = [json.loads(line) for line in log.splitlines()]
    accepted = [line for line in lines if line.get("reports") == 1]
    assert accepted[-1]["route"] == "/invocations"
    assert accepted[-1]["status"] == 200
    assert accepted[-1]["bytes_in"] > 0
    assert accepted[-1]["bytes_out"] > 0
    assert {line.get("route") for line in lines} >= {"/invocations", "unknown", "/ping"}


def test_a_token_is_asked_for_where_one_is_set(root, tmp_path):
    process, url, log = _start(root, tmp_path, token="open-sesame")
    with httpx.Client(base_url=url) as client:
        assert client.get("/ping").status_code == 200
        assert client.get("/").status_code == 200
        assert client.get("/model").status_code == 401
        refused = invoke(client, {"findings": FINDINGS}, authorization="Bearer wrong")
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"] == "Bearer"
        assert refused.json()["error"]["code"] == "unauthorized"
        let_in = invoke(client, {"findings": FINDINGS}, authorization="Bearer open-sesame")
        assert let_in.status_code == 200
    process.terminate()
    assert process.wait(20) == 0
    assert "sesame" not in log.read_text()
