import asyncio
import threading

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


def test_a_client_that_leaves_is_dropped_before_its_report_is_written(with_server, served):
    release = threading.Event()

    def write(findings, decoding):
        if "Slow." in findings:
            release.wait(10)
        return ["Fine."] * len(findings)

    model = served(write)

    async def scenario(client, service):
        slow = asyncio.create_task(client.post("/invocations", json={"findings": "Slow."}))
        while not any("Slow." in findings for findings, _ in model.summarizer.calls):
            await asyncio.sleep(0.01)
        status = await leave(client._transport.app, b'{"findings": "Gone."}')
        release.set()
        await slow
        await client.post("/invocations", json={"findings": "Next."})
        return status

    assert with_server(scenario, model=model) is None
    written = [text for findings, _ in model.summarizer.calls for text in findings]
    assert "Next." in written
    assert "Gone." not in written


async def leave(app, body):
    """Ask the app and leave at once; the status that was sent, None where nothing was."""
    given = [{"type": "http.request", "body": body}, {"type": "http.disconnect"}]
    sent = []

    async def receive():
        return given.pop(0)

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/invocations",
        "raw_path": b"/invocations",
        "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"content-type", b"application/json")],
    }
    await app(scope, receive, send)
    return sent[0]["status"] if sent else None


def test_a_failed_reload_is_told_by_the_model_route(with_server, served, source_of):
    source = source_of(v1=served(), v2=ValueError("secret"))

    async def scenario(client, service):
        source.version = "2"
        await service.reloader.look()
        return (await client.get("/model")).json()

    described = with_server(scenario, source=source)
    assert described["version"] == "1"
    assert described["reload_error"] == "version 2 is not served: ValueError"


def test_an_error_of_the_app_itself_is_json(with_server):
    async def scenario(client, service):
        service.reloader = None
        return await client.get("/model")

    answer = with_server(scenario)
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "internal_error"
