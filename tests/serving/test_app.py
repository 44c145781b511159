import asyncio

import httpx

from radimpress.config.serving import Serving
from radimpress.serving.app import create_app
from radimpress.serving.guard import Guard
from radimpress.serving.service import Service

BEAMS = {"findings": "Cough. No effusion.", "num_beams": 2, "max_new_tokens": 8}


def test_generation_parameters_reach_the_model(with_server, served):
    model = served()

    async def scenario(client, service):
        return await client.post("/invocations", json=[BEAMS, {"findings": "Cough. Clear."}])

    answer = with_server(scenario, model=model)
    assert answer.status_code == 200
    decodings = {decoding for _, decoding in model.summarizer.calls[-2:]}
    assert {(d.num_beams, d.max_new_tokens) for d in decodings} == {(2, 8), (1, 32)}


def test_requests_that_come_together_are_written_together(with_server, served):
    model = served()

    async def scenario(client, service):
        asks = [client.post("/invocations", json={"findings": f"Cough. N{i}."}) for i in range(20)]
        return [answer.json()["impression"] for answer in await asyncio.gather(*asks)]

    impressions = with_server(scenario, model=model)
    assert impressions == [f"N{i}." for i in range(20)]
    assert len(model.summarizer.calls) < 20


def test_a_client_that_leaves_is_dropped_before_its_report_is_written(served, source_of):
    """Asked below the socket, so that the moment of leaving is known."""
    model = served()

    async def main():
        service = Service(Serving(), source_of(v1=model))
        app = create_app(service, Guard("127.0.0.1", ""))
        await service.start()
        service._batcher._work.clear = lambda: None  # never idle: batches wait for the test
        for task in service._tasks[:1]:
            task.cancel()
        given = [
            {"type": "http.request", "body": b'{"findings": "Gone."}'},
            {"type": "http.disconnect"},
        ]
        sent = []

        async def receive():
            return given.pop(0)

        async def send(message):
            sent.append(message)

        headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/invocations",
            "raw_path": b"/invocations",
            "query_string": b"",
            "headers": headers,
            "server": ("127.0.0.1", 80),
        }
        await app(scope, receive, send)
        await service.stop()
        return sent, service._batcher._take()

    sent, left = asyncio.run(main())
    assert sent == []
    assert left == []
    assert all("Gone." not in findings for findings, _ in model.summarizer.calls)


def test_a_failed_reload_is_told_by_the_model_route(with_server, served, source_of):
    source = source_of(v1=served(), v2=ValueError("secret"))

    async def scenario(client, service):
        source.version = "2"
        await service.reloader.look()
        return (await client.get("/model")).json()

    described = with_server(scenario, source=source)
    assert described["version"] == "1"
    assert described["reload_error"] == "version 2 is not served: ValueError"


def test_an_error_of_the_app_itself_is_json(with_server, monkeypatch):
    async def scenario(client: httpx.AsyncClient, service):
        service.reloader = None
        return await client.get("/model")

    answer = with_server(scenario)
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "internal_error"
