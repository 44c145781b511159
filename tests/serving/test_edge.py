import asyncio
import json

from starlette.datastructures import Headers

from radimpress.serving.edge import Edge, Traffic
from radimpress.serving.guard import Guard
from radimpress.serving.health import Health
from radimpress.serving.meters import Meters
from radimpress.serving.refusals import Code, Refusal

SCOPE = {"type": "http", "method": "GET", "path": "/x", "headers": [(b"host", b"localhost")]}


def ask(app, health=None, scope=SCOPE):
    """What is sent for one request: (status, headers, body), and the traffic afterwards."""
    sent, traffic = [], Traffic()

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.disconnect"}

    edge = Edge(app, Guard("127.0.0.1", ""), Meters(), health or Health(), traffic)
    asyncio.run(edge(dict(scope), receive, send))
    if not sent:
        return None, traffic
    start, *rest = sent
    headers = Headers(raw=start["headers"])
    return (start["status"], headers, b"".join(m["body"] for m in rest)), traffic


def raising(error, after_start=False):
    async def app(scope, receive, send):
        if after_start:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        raise error

    return app


async def fine(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x", b"y")]})
    await send({"type": "http.response.body", "body": b"fine"})


def test_an_answer_is_passed_on_with_headers(capsys):
    (status, headers, body), traffic = ask(fine)
    assert (status, body, headers["x"]) == (200, b"fine", "y")
    assert headers["x-content-type-options"] == "nosniff"
    assert "connection" not in headers
    assert traffic.open == 0
    line = json.loads(capsys.readouterr().err)
    assert (line["status"], line["bytes_out"], line["route"]) == (200, 4, "unknown")


def test_while_draining_connections_end_with_their_answer():
    health = Health()
    health.draining = True
    (_, headers, _), _ = ask(fine, health)
    assert headers["connection"] == "close"


def test_a_refusal_from_below_is_the_answer():
    refusal = Refusal(429, Code.queue_full, "full", "later", headers={"Retry-After": "3"})
    (status, headers, body), traffic = ask(raising(refusal))
    assert status == 429
    assert headers["retry-after"] == "3"
    assert headers["content-type"] == "application/json"
    assert int(headers["content-length"]) == len(body)
    assert json.loads(body)["error"]["code"] == "queue_full"
    assert traffic.open == 0


def test_a_fault_is_a_500_without_a_trace_or_its_message(capsys):
    (status, _, body), traffic = ask(raising(ValueError("secret findings")))
    assert status == 500
    assert json.loads(body)["error"]["code"] == "internal_error"
    logged = capsys.readouterr().err
    assert "secret" not in logged + body.decode()
    assert "Traceback" not in logged
    fault = json.loads(logged.splitlines()[0])
    assert fault["error"] == "ValueError"
    assert fault["where"].startswith("test_edge.py:")
    assert traffic.open == 0


def test_a_fault_after_the_head_was_sent_adds_nothing():
    (status, _, body), _ = ask(raising(ValueError(), after_start=True))
    assert (status, body) == (200, b"")


def test_a_request_that_is_cut_off_is_told():
    (status, _, body), _ = ask(raising(asyncio.CancelledError()))
    assert status == 503
    assert json.loads(body)["error"]["code"] == "shutting_down"


def test_a_client_that_has_gone_is_answered_nothing_and_logged(capsys):
    answer, _ = ask(raising(Refusal(499, Code.client_gone, "gone", "again")))
    assert answer is None
    assert json.loads(capsys.readouterr().err)["status"] == 499


def test_who_may_not_ask_does_not_reach_the_app():
    scope = {**SCOPE, "headers": [(b"host", b"evil.example")]}
    (status, _, _), _ = ask(raising(AssertionError), scope=scope)
    assert status == 421


def test_other_protocols_pass_through():
    seen = []

    async def app(scope, receive, send):
        seen.append(scope["type"])

    ask(app, scope={"type": "lifespan"})
    assert seen == ["lifespan"]
